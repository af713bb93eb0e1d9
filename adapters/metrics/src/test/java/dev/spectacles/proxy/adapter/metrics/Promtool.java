package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.testing.NotRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own checker. */
final class Promtool {
  private static final int MOST_SECONDS = 60;

  private Promtool() {}

  /** Fails unless promtool takes it; a test without one says so, and with {@code CI=true} fails. */
  static void accepts(Path input, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("promtool", ".txt");
    try {
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
      } catch (IOException missing) {
        NotRun.because("promtool " + arguments[0] + ", as it is not on the PATH");
        throw missing;
      }
      boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as("promtool ended: %s", said).isTrue();
      assertThat(process.exitValue()).as("promtool: %s", said).isZero();
    } finally {
      Files.delete(output);
    }
  }
}
