package dev.spectacles.proxy.e2e;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The jar that users run, serving in a process of its own. */
public final class ProxyProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String GREETING = "Send a request:";
  private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");
  private static final List<String> LIGHT_JVM =
      List.of("-Xms32m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch greeted = new CountDownLatch(1);
  private final Thread reader = Thread.ofVirtual().name("proxy-output").unstarted(this::readOutput);

  private ProxyProcess(Process process) {
    this.process = process;
  }

  /**
   * Settings of a proxy that sends every request, by the names of their environment variables: with
   * its cache, few of them would meet a limit.
   */
  public static Map<String, String> settings(String redisUrl, URI discord) {
    Map<String, String> settings = caching(redisUrl, discord);
    settings.put("CACHE_REST_ENABLED", "false");
    return settings;
  }

  /** Settings of a proxy with nothing but the defaults. */
  public static Map<String, String> caching(String redisUrl, URI discord) {
    var settings = new HashMap<String, String>();
    settings.put("REDIS_URL", redisUrl);
    settings.put("DISCORD_API_URL", discord.toString());
    return settings;
  }

  /** Starts it and waits until it serves. */
  public static ProxyProcess start(Map<String, String> settings) throws InterruptedException {
    return start(settings, List.of());
  }

  /**
   * Starts it and waits until it serves.
   *
   * @param file what its {@code proxy.toml} says
   */
  public static ProxyProcess start(Map<String, String> settings, String file)
      throws InterruptedException {
    return start(settings, file, JVM, List.of("-jar", jar().toString()), List.of());
  }

  public static ProxyProcess start(Map<String, String> settings, List<String> arguments)
      throws InterruptedException {
    return start(settings, "", JVM, List.of("-jar", jar().toString()), arguments);
  }

  /** Starts it with a plug-in's jar beside it on the class path. */
  static ProxyProcess startWith(Path plugin, Map<String, String> settings)
      throws InterruptedException {
    return start(settings, "", LIGHT_JVM, classPath(plugin), List.of());
  }

  /** Arguments of a JVM for the proxy with a plug-in's jar beside it. */
  static List<String> classPath(Path plugin) {
    return List.of(
        "-cp", jar() + File.pathSeparator + plugin, "dev.spectacles.proxy.bootstrap.Main");
  }

  /**
   * Starts one of several: with a small heap, and a compiler that leaves others their time.
   *
   * @param file what its {@code proxy.toml} says
   */
  static ProxyProcess startLight(Map<String, String> settings, String file)
      throws InterruptedException {
    return start(settings, file, LIGHT_JVM, List.of("-jar", jar().toString()), List.of());
  }

  /** The same with another heap, such as {@code -Xmx64m}. */
  static ProxyProcess startLight(Map<String, String> settings, String file, String heap)
      throws InterruptedException {
    var jvm = new ArrayList<>(LIGHT_JVM);
    jvm.add(heap);
    return start(settings, file, jvm, List.of("-jar", jar().toString()), List.of());
  }

  private static ProxyProcess start(
      Map<String, String> settings,
      String file,
      List<String> jvm,
      List<String> program,
      List<String> arguments)
      throws InterruptedException {
    var command = new ArrayList<>(command(jvm, program));
    command.addAll(arguments);
    var proxy = new ProxyProcess(launch(command, settings, file));
    proxy.reader.start();
    if (!proxy.greeted.await(START.toSeconds(), TimeUnit.SECONDS)) {
      proxy.kill();
      throw new IllegalStateException("the proxy does not serve: " + proxy.output());
    }
    return proxy;
  }

  /** What starts it. */
  public static List<String> command() {
    return command(JVM, List.of("-jar", jar().toString()));
  }

  private static List<String> command(List<String> jvm, List<String> program) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(program);
    command.add("serve");
    return command;
  }

  /** The jar that this build made. */
  public static Path jar() {
    Path jar = Path.of("target", "spectacles-proxy.jar").toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: run mvn verify, which packages it first");
    }
    return jar;
  }

  public long pid() {
    return process.pid();
  }

  /** Everything it printed, standard output and log alike. */
  public String output() {
    lock.lock();
    try {
      return String.join("\n", output);
    } finally {
      lock.unlock();
    }
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGSTOP: it stands still, with its connections open, until it is told to go on. */
  void pause() throws InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws InterruptedException {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("SIG" + name + ": not delivered to process " + pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM; returns the exit status. */
  public int terminate(Duration within) throws InterruptedException {
    // By its handle, as Process.destroy would also cut off what it still prints.
    process.toHandle().destroy();
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("still running after " + within + ": " + output());
    }
    // Its last lines may still be on their way.
    reader.join(within);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static Process launch(List<String> command, Map<String, String> settings, String file) {
    try {
      Path directory = Files.createTempDirectory("spectacles-e2e-");
      Files.writeString(directory.resolve("proxy.toml"), file);
      var builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      builder.environment().putAll(settings);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readOutput() {
    try (BufferedReader reader = process.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        lock.lock();
        try {
          output.add(line);
        } finally {
          lock.unlock();
        }
        if (line.startsWith(GREETING)) {
          greeted.countDown();
        }
        line = reader.readLine();
      }
    } catch (IOException closed) {
      // The process was killed; what it printed before is kept.
      greeted.countDown();
    }
  }
}
