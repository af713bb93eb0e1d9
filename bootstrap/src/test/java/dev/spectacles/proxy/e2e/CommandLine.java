package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The packaged jar, run with arguments until it ends. */
final class CommandLine {
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> program = List.of("-jar", ProxyProcess.jar().toString());

  /** What came of a run. */
  record Result(int exitCode, byte[] rawOut, String err) {
    String out() {
      return new String(rawOut, UTF_8);
    }
  }

  /** Command line in this working directory. */
  CommandLine(Path directory) {
    this.directory = directory;
  }

  CommandLine set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** With a plug-in's jar beside it on the class path. */
  CommandLine with(Path plugin) {
    program = ProxyProcess.classPath(plugin);
    return this;
  }

  Result run(String... arguments) throws Exception {
    return run(new byte[0], arguments);
  }

  /** Runs it with this standard input. */
  Result run(byte[] in, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(program);
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var out = threads.submit(() -> readAll(process.getInputStream()));
      var err = threads.submit(() -> readAll(process.getErrorStream()));
      try (var stdin = process.getOutputStream()) {
        stdin.write(in);
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end: " + new String(err.get(), UTF_8));
      }
      return new Result(process.exitValue(), out.get(), new String(err.get(), UTF_8));
    }
  }

  private static byte[] readAll(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
