package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends real signals to a process that listens for them. */
@Timeout(60)
class SignalsTest {
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void signal_whileListening_runsTheStopAndExitsWith0(String signal) throws Exception {
    Process process = start("wait");
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("listening");

      send(signal, process);

      assertThat(out.readLine()).isEqualTo("stopping");
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void exit_afterListeningEnded_keepsItsStatus(int status) throws Exception {
    Process process = start("exit", Integer.toString(status));
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("listening");
      assertThat(out.readLine()).isNull();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(status);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Process that is sent signals. */
  static final class Listener {
    private Listener() {}

    public static void main(String[] args) throws InterruptedException {
      var listening = StopRequests.signals().listen(() -> System.out.println("stopping"));
      System.out.println("listening");
      if (args[0].equals("wait")) {
        new CountDownLatch(1).await();
      }
      listening.close();
      System.exit(Integer.parseInt(args[1]));
    }
  }

  private static Process start(String... arguments) throws IOException {
    var command = new java.util.ArrayList<String>();
    // Where the tests run in the background, SIGINT may be ignored, which children inherit.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Listener.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void send(String signal, Process process) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
