package dev.spectacles.proxy.adapter.redis;

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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * Real Redis servers for tests, as children of this process: the one the embedded-redis jar
 * carries, and a newer one where one is found.
 *
 * <p>A newer one is named by the environment variable {@code TEST_REDIS_SERVER} (a path; it must
 * exist then) or found as {@code redis-server} on the PATH.
 */
public final class RedisServers {
  /** Program to start servers with. */
  public record Binary(String name, Path path) {
    /** Server on a free port with these settings, in the form of a command line. */
    public Server start(String... settings) {
      return startOn(freePort(), settings);
    }

    /** Server on this port. */
    public Server startOn(int port, String... settings) {
      return new Server(this, port, List.of(settings));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private RedisServers() {}

  /** The server of the jar, and a newer one where there is one; says which on standard output. */
  public static List<Binary> all() {
    var binaries = new ArrayList<Binary>();
    binaries.add(embedded());
    newer().ifPresent(binaries::add);
    System.out.println(
        "Redis servers under test: "
            + binaries
            + (binaries.size() == 1 ? "; no newer redis-server on the PATH" : ""));
    return binaries;
  }

  /** The server that the embedded-redis jar carries. */
  public static Binary embedded() {
    return Extracted.EMBEDDED;
  }

  /** A newer server, where one is found. */
  public static Optional<Binary> newer() {
    String named = System.getenv("TEST_REDIS_SERVER");
    if (named != null && !named.isBlank()) {
      Path path = Path.of(named);
      if (!Files.isExecutable(path)) {
        throw new IllegalStateException(
            "TEST_REDIS_SERVER: " + named + " (expected: a program that can be run)");
      }
      return Optional.of(new Binary(versionOf(path), path));
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path path = Path.of(folder, "redis-server");
      if (Files.isExecutable(path)) {
        return Optional.of(new Binary(versionOf(path), path));
      }
    }
    return Optional.empty();
  }

  /** Port that nobody listens on. */
  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String versionOf(Path path) {
    try {
      Process process =
          new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes()).strip();
      String version = text.replaceAll("(?s).*v=([0-9.]+).*", "redis-$1");
      return version.startsWith("redis-") ? version : "redis-server";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Server that can be stopped and started again on the same port and folder. */
  public static final class Server implements AutoCloseable {
    private final Binary binary;
    private final int port;
    private final List<String> settings;
    private final Path directory;
    private final Thread hook;
    private Process process;

    private Server(Binary binary, int port, List<String> settings) {
      this.binary = binary;
      this.port = port;
      this.settings = settings;
      try {
        this.directory = Files.createTempDirectory("test-redis-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.hook = new Thread(this::discard);
      startAgain();
      Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Another server of the same program. */
    public Server sibling(String... settings) {
      return binary.start(settings);
    }

    /** Port on 127.0.0.1. */
    public int port() {
      return port;
    }

    /** Address in its shortest form. */
    public String url() {
      return "127.0.0.1:" + port;
    }

    /** Folder of its files. */
    public Path directory() {
      return directory;
    }

    /** Process id, such as for signals. */
    public long pid() {
      return process.pid();
    }

    /** Kills it, as a crash would. */
    public void kill() {
      process.destroyForcibly();
      join();
    }

    /** Stops it in order. */
    public void stop() {
      process.destroy();
      join();
    }

    /** Starts it after it was stopped; returns when it answers. */
    public void startAgain() {
      var command =
          new ArrayList<>(
              List.of(
                  binary.path().toString(),
                  "--port",
                  Integer.toString(port),
                  "--bind",
                  "127.0.0.1",
                  "--save",
                  "",
                  "--dir",
                  directory.toString()));
      command.addAll(settings);
      File log = directory.resolve("redis.log").toFile();
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      awaitPong(log.toPath());
    }

    /** One command on a connection of its own. */
    public Object command(Object... words) {
      try (var connection = new RespConnection(port)) {
        return connection.command(words);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      Runtime.getRuntime().removeShutdownHook(hook);
      discard();
    }

    private void discard() {
      kill();
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
      return binary.name() + " on port " + port;
    }

    private void join() {
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          throw new IllegalStateException(this + " does not stop");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void awaitPong(Path log) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
      while (true) {
        try (var connection = new RespConnection(port)) {
          connection.command("PING");
          return;
        } catch (IOException e) {
          if (String.valueOf(e.getMessage()).startsWith("NOAUTH")) {
            return;
          }
          if (!process.isAlive() || System.nanoTime() > end) {
            process.destroyForcibly();
            throw new IllegalStateException(this + " did not start: " + read(log), e);
          }
        }
        pause();
      }
    }

    private static String read(Path log) {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        return "no log";
      }
    }

    private static void pause() {
      try {
        new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Extracted {
    static final Binary EMBEDDED = extract();

    private static Binary extract() {
      try {
        Path path = ExecutableProvider.newJarResourceProvider().get().toPath();
        return new Binary(versionOf(path) + "-embedded", path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
