package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A main class of this code base in a JVM of its own, with nothing else but the domain on its class
 * path.
 */
final class ChildJvm implements AutoCloseable {
  private static final int KEPT_ERROR_LINES = 200;
  private static final Duration EXIT_DEADLINE = Duration.ofSeconds(3);

  private final Process process;
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedDeque<String> errors = new ConcurrentLinkedDeque<>();
  private final Thread errorReader;

  private ChildJvm(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> forEachLine(process.getInputStream(), output::add));
    errorReader = Thread.ofVirtual().start(() -> forEachLine(process.getErrorStream(), this::keep));
  }

  static ChildJvm start(Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Serial collection and a small heap: short, rare pauses and no threads of the collector's.
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx512m", "-XX:TieredStopAtLevel=1"));
    var classPath = classPath(main) + File.pathSeparator + classPath(EntityType.class);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    try {
      return new ChildJvm(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  long pid() {
    return process.pid();
  }

  void send(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the child JVM reads no input: " + errorOutput(), e);
    }
  }

  /** The first line of output that starts so; other lines are skipped. */
  String awaitLine(String start, Duration deadline) throws InterruptedException {
    var end = System.nanoTime() + deadline.toNanos();
    while (System.nanoTime() < end) {
      var line = output.poll(50, TimeUnit.MILLISECONDS);
      if (line != null && line.startsWith(start)) {
        return line;
      }
      if (line == null && !process.isAlive()) {
        errorReader.join(Duration.ofSeconds(1));
        throw new IllegalStateException(
            "the child JVM ended with %d before it said %s: %s"
                .formatted(process.exitValue(), start, errorOutput()));
      }
    }
    throw new IllegalStateException(
        "the child JVM did not say %s within %s: %s".formatted(start, deadline, errorOutput()));
  }

  String errorOutput() {
    return String.join("\n", errors);
  }

  /** Closes its input, which ends it, and kills it if it does not end. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(EXIT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (IOException e) {
      // Its input is closed if it has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private void keep(String line) {
    errors.addLast(line);
    if (errors.size() > KEPT_ERROR_LINES) {
      errors.pollFirst();
    }
  }

  private static void forEachLine(InputStream in, Consumer<String> action) {
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        action.accept(line);
      }
    } catch (IOException e) {
      // The stream ends with the process, sometimes in the middle of a read.
    }
  }

  private static String classPath(Class<?> type) {
    try {
      return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("class path of " + type, e);
    }
  }
}
