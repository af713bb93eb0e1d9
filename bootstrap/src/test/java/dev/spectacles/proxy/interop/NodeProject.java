package dev.spectacles.proxy.interop;

import dev.spectacles.proxy.testing.NotRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The project in JavaScript, copied to where its packages may be installed. */
final class NodeProject {
  private static final Path SOURCE = Path.of("src", "test", "interop", "js");
  private static final Path COPY = Path.of("target", "interop-js");
  private static final String LOCK = "package-lock.json";

  private NodeProject() {}

  /**
   * Aborts the tests where Node.js is missing, which it says; with {@code CI=true} they fail.
   *
   * @param subject what is not tested then
   */
  static void require(String subject) throws InterruptedException {
    obstacle().ifPresent(what -> NotRun.because(subject + ", as " + what));
  }

  /** What keeps it from being run; empty if nothing does. */
  private static Optional<String> obstacle() throws InterruptedException {
    for (String program : List.of("node", "npm")) {
      try {
        var found = run(Path.of("."), 60, program, "--version");
        if (found.exitCode() != 0) {
          return Optional.of(program + " does not work: " + found.output());
        }
      } catch (UncheckedIOException e) {
        return Optional.of(program + " is not installed");
      }
    }
    return Optional.empty();
  }

  /** Installs its packages, unless that was done for the same lock file before. */
  static NodeProject install() throws IOException, InterruptedException {
    boolean installed =
        Files.isDirectory(COPY.resolve("node_modules"))
            && Files.isRegularFile(COPY.resolve(LOCK))
            && Files.mismatch(COPY.resolve(LOCK), SOURCE.resolve(LOCK)) < 0;
    Files.createDirectories(COPY);
    try (var files = Files.list(SOURCE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        // The lock file comes last: it says that the packages are there.
        if (!file.endsWith(LOCK)) {
          copy(file);
        }
      }
    }
    if (!installed) {
      Files.deleteIfExists(COPY.resolve(LOCK));
      Path lock = copy(SOURCE.resolve(LOCK));
      var npm = run(COPY, 180, "npm", "ci", "--prefer-offline", "--ignore-scripts");
      if (npm.exitCode() != 0) {
        Files.delete(lock);
        throw new IllegalStateException("npm ci failed: " + npm.output());
      }
    }
    return new NodeProject();
  }

  /**
   * Runs a script; returns the lines that it prints.
   *
   * @param environment set beside this process's own
   */
  List<String> run(String script, Map<String, String> environment, List<String> arguments)
      throws InterruptedException {
    var command = new ArrayList<>(List.of("node", script));
    command.addAll(arguments);
    var run = run(COPY, 120, environment, command.toArray(String[]::new));
    if (run.exitCode() != 0) {
      throw new IllegalStateException(script + " failed: " + run.output());
    }
    return run.output().lines().filter(line -> !line.isBlank()).toList();
  }

  /** Starts a script that goes on until its standard input ends. */
  Process start(String script) throws IOException {
    return new ProcessBuilder("node", script)
        .directory(COPY.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private record Run(int exitCode, String output) {}

  private static Path copy(Path file) throws IOException {
    Path target = COPY.resolve(file.getFileName());
    return Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Run run(Path directory, long seconds, String... command)
      throws InterruptedException {
    return run(directory, seconds, Map.of(), command);
  }

  private static Run run(
      Path directory, long seconds, Map<String, String> environment, String... command)
      throws InterruptedException {
    try {
      Path output = Files.createTempFile("interop-", ".log");
      try {
        var builder =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(
              command[0] + " takes longer than " + seconds + " s: " + Files.readString(output));
        }
        return new Run(process.exitValue(), Files.readString(output));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
