package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.ConnectionFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Server as a child of this process: with ports, data and an Erlang port mapper of its own, so that
 * it neither meets another RabbitMQ of the machine nor leaves anything behind.
 */
final class PrivateRabbit implements RabbitServer {
  private static final long START_SECONDS = 90;

  private final Path program;
  private final Path control;
  private final Path directory;
  private final int port = freePort();
  private final int mapperPort = freePort();
  private final int distributionPort = freePort();
  private final Process mapper;
  private Process process;
  private boolean closed;

  private PrivateRabbit(Path program) {
    this.program = program;
    this.control = program.resolveSibling("rabbitmqctl");
    try {
      directory = Files.createTempDirectory("test-rabbit-");
      Files.writeString(directory.resolve("plugins"), "[].");
      // The tests run on machines with little room.
      Files.writeString(directory.resolve("rabbitmq.conf"), "disk_free_limit.absolute = 10MB\n");
      // In the foreground, it ends with its process; started by the server it would stay behind.
      mapper =
          start(
              List.of("epmd", "-port", Integer.toString(mapperPort), "-address", "127.0.0.1"),
              "epmd.log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startAgain();
  }

  /** Server of this machine's own {@code rabbitmq-server}, running; nothing where there is none. */
  static Optional<RabbitServer> find() {
    Optional<Path> found = Optional.empty();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      // Debian has a wrapper on the PATH that wants to become another user.
      Path packaged = Path.of(folder, "..", "lib", "rabbitmq", "bin", "rabbitmq-server");
      Path plain = Path.of(folder, "rabbitmq-server");
      if (found.isEmpty() && Files.isExecutable(plain)) {
        found = Optional.of(Files.isExecutable(packaged) ? packaged.normalize() : plain);
      }
    }
    return found.map(PrivateRabbit::new);
  }

  @Override
  public String url() {
    return "amqp://127.0.0.1:" + port;
  }

  @Override
  public boolean isOurs() {
    return true;
  }

  @Override
  public void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    await(process);
  }

  @Override
  public void startAgain() {
    try {
      process = start(List.of(program.toString()), "server.log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        String log = read("server.log");
        kill();
        throw new IllegalStateException(this + " did not start: " + log);
      }
      pause();
    }
  }

  @Override
  public void control(String... arguments) {
    var command = new ArrayList<>(List.of(control.toString()));
    command.addAll(List.of(arguments));
    try {
      Process running = start(command, "control.log");
      await(running);
      if (running.exitValue() != 0) {
        throw new IllegalStateException(command + ": " + read("control.log"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    kill();
    mapper.destroyForcibly();
    await(mapper);
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return program + " on port " + port;
  }

  private Process start(List<String> command, String log) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("HOME", directory.toString());
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
    environment.put("RABBITMQ_NODENAME", "test" + port + "@localhost");
    environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
    environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    environment.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString());
    environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString());
    environment.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    environment.put("RABBITMQ_LOGS", "-");
    environment.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    return builder.start();
  }

  private boolean answers() {
    var factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setConnectionTimeout(1_000);
    factory.setHandshakeTimeout(5_000);
    factory.setAutomaticRecoveryEnabled(false);
    try (var connection = factory.newConnection()) {
      return connection.isOpen();
    } catch (IOException | TimeoutException e) {
      return false;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String log) {
    try {
      String text = Files.readString(directory.resolve(log));
      return text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "no log";
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(process.info() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
