package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TopCommandTest {
  @TempDir private Path directory;
  private CommandFixture fixture;
  private int port;

  @BeforeEach
  void prepare() throws IOException {
    fixture = new CommandFixture(directory);
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
  }

  @Test
  void top_withoutATerminal_printsOnceWhatTheProxyDid() throws Exception {
    fixture.environment.put("METRICS_ADDR", "0.0.0.0:" + port);
    try (var discord = SimulatorServer.start(Scenarios.unlimited());
        var proxy = serve(discord)) {
      var call = new Call("GET", "/gateway", Map.of(), Map.of(), Optional.empty());
      proxy.client().call(call, Duration.ofSeconds(30)).orElseThrow();

      int code = fixture.run("top");

      assertThat(fixture.err()).isEmpty();
      assertThat(code).isZero();
      assertThat(fixture.out())
          .startsWith("Spectacles Proxy " + Version.current() + "  proxy-")
          .contains("\nSERVING\n")
          .contains("\nAnswers      2xx 1  (last minute)\n")
          .contains("\nGETs         0 % without Discord: Discord 1  (last 5 min)\n")
          .contains("\n429s         none  (last 5 min)\n")
          .contains("\nInvalid      0 of 10,000 [------------------------] calm  (last 10 min)\n")
          .contains("\nBroker       local  connected\n")
          .contains("\nRate limits  local  of this instance alone\n")
          .contains("\nGateway      off\n")
          .endsWith("\nNothing waits.\n")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void top_inATerminal_showsIt_andThatNobodyAnswersAnyMore() throws Exception {
    var screen = new StringWriter();
    try (var discord = SimulatorServer.start(Scenarios.unlimited())) {
      EmbeddedProxy proxy = serve(discord);
      var frames = new AtomicInteger();
      Runnable sleep =
          () -> {
            switch (frames.incrementAndGet()) {
              case 1 -> assertThat(screen.toString()).contains("IDLE").doesNotContain("LOST");
              case 2 -> proxy.close();
              case 3 -> assertThat(screen.toString()).contains("CONNECTION LOST (");
              default -> Thread.currentThread().interrupt();
            }
          };

      watch(screen, sleep);

      assertThat(Thread.interrupted()).as("ends when it is interrupted").isTrue();
    }

    assertThat(screen.toString())
        .startsWith("\u001b[?1049h\u001b[?25l\u001b[H")
        .endsWith("\u001b[?25h\u001b[?1049l");
  }

  @Test
  void top_metricsOff_saysWhatToSet() {
    assertThat(fixture.run("top")).isEqualTo(ExitCodes.USAGE);
    assertThat(fixture.err())
        .startsWith("metrics.addr: not set, the proxy of this configuration shows nothing");
  }

  @Test
  void top_anyPort_saysThatItCannotKnow() {
    fixture.environment.put("METRICS_ADDR", "127.0.0.1:0");

    assertThat(fixture.run("top")).isEqualTo(ExitCodes.USAGE);
    assertThat(fixture.err()).startsWith("metrics.addr: 127.0.0.1:0 (expected: a port of its own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:3000", "ftp://localhost", "http://", "http://a b", "no"})
  void top_withNoUrl_saysWhatOneIs(String url) {
    assertThat(fixture.run("top", "--url", url)).isEqualTo(ExitCodes.USAGE);
    assertThat(fixture.err()).startsWith("--url: no URL (expected: one such as http://");
  }

  @Test
  void top_nobodyListens_saysWhere() {
    assertThat(fixture.run("top", "--url", "http://127.0.0.1:" + port + "/"))
        .isEqualTo(ExitCodes.NO_ANSWER);
    assertThat(fixture.err())
        .startsWith("No status from http://127.0.0.1:" + port + "/status.json: ")
        .endsWith(". Does a proxy serve its metrics there?\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | {}           | HTTP 404",
        "200 | not JSON     | what answers there is no proxy",
        "200 | {\"a\":true} | what answers there is no proxy"
      })
  void top_somethingElseAnswers_saysSo(int status, String body, String why) throws Exception {
    int code = ask(status, body);

    assertThat(code).isEqualTo(ExitCodes.NO_ANSWER);
    assertThat(fixture.err()).contains(": " + why + ". Does");
  }

  @Test
  void top_textThatWouldCommandTheTerminal_isHarmless() throws Exception {
    ask(200, "{\"instance\":{\"name\":\"\\u001b[2J\\u009b\"},\"limits\":{\"buckets\":[]}}");

    assertThat(fixture.out()).contains("?[2J?").doesNotContain("\u001b", "\u009b");
  }

  private int ask(int status, String body) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 1);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          }
        });
    server.start();
    try {
      return fixture.run("top", "--once", "--url", "http://127.0.0.1:" + port);
    } finally {
      server.stop(0);
    }
  }

  private void watch(StringWriter screen, Runnable sleep) throws InterruptedException {
    var clock = new SystemClock();
    Clock sleepless =
        new Clock() {
          @Override
          public Instant wallTime() {
            return clock.wallTime();
          }

          @Override
          public long nanoTime() {
            return clock.nanoTime();
          }

          @Override
          public void sleep(Duration duration) {
            sleep.run();
          }
        };
    Terminal terminal =
        new Terminal() {
          @Override
          public boolean isThere() {
            return true;
          }

          @Override
          public Size size() {
            return new Size(30, 60);
          }
        };
    var command = new TopCommand(fixture.surroundings(sleepless), terminal);
    new CommandLine(command)
        .setOut(new PrintWriter(screen))
        .parseArgs("--url", "http://127.0.0.1:" + port);
    command.call();
  }

  private EmbeddedProxy serve(SimulatorServer discord) throws LifecycleException {
    return EmbeddedProxy.start(
        Map.of(
            "discord.api_url", discord.apiUrl().toString(), "metrics.addr", "127.0.0.1:" + port));
  }
}
