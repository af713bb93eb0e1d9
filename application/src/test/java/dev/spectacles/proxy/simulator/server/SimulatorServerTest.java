package dev.spectacles.proxy.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.DelaySpec;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.FaultSpec.Kind;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServerTest {
  private final SimulatorServer server =
      SimulatorServer.start(
          Scenarios.unlimited().toBuilder()
              .route("GET /limited", "limited", Rate.fixed(5, Duration.ofMinutes(1)))
              .build());

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void connection_severalRequests_isKept() throws IOException {
    try (var client = new RawClient(server.apiUrl())) {
      assertThat(client.exchange("GET", "/limited", "")).contains("X-RateLimit-Remaining: 4");
      assertThat(client.exchange("POST", "/b", "{\"nonce\":\"x\"}", "Content-Type: a/json"))
          .contains("\"nonce\": \"x\"");
      assertThat(client.exchange("GET", "/limited", "")).contains("X-RateLimit-Remaining: 3");
    }
  }

  @Test
  void body_chunked_isPutTogether() throws IOException {
    try (var client = new RawClient(server.apiUrl())) {
      var chunks = "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
      assertThat(client.exchange("POST", "/b", chunks, "Transfer-Encoding: chunked"))
          .contains("\"length\": 13");
      assertThat(client.exchange("GET", "/c", "")).contains("\"path\": \"/c\"");
    }
  }

  @Test
  void connection_closeAsked_isClosed() throws IOException {
    try (var client = new RawClient(server.apiUrl())) {
      assertThat(client.exchange("GET", "/a", "", "Connection: close"))
          .contains("Connection: close");
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void head_request_hasNoBody() throws IOException {
    try (var client = new RawClient(server.apiUrl())) {
      client.send("HEAD", "/a", "");
      assertThat(client.head()).doesNotContain("Content-Length: 0");
      assertThat(client.exchange("GET", "/b", "")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void fault_status_isAnswered() throws IOException {
    script(FaultSpec.status("* /**", 522, FaultSpec.Phase.BEFORE_EFFECT).times(1));
    try (var client = new RawClient(server.apiUrl())) {
      assertThat(client.exchange("GET", "/a", "")).startsWith("HTTP/1.1 522").doesNotContain("Via");
      assertThat(client.exchange("GET", "/a", "")).startsWith("HTTP/1.1 200").contains("Via");
    }
  }

  @Test
  void fault_reset_comesInsteadOfHead() throws IOException {
    script(FaultSpec.of("* /**", Kind.RESET));
    try (var client = new RawClient(server.apiUrl())) {
      client.send("POST", "/a", "");
      assertThatThrownBy(client::head).isInstanceOf(SocketException.class);
    }
    assertThat(server.report().accepted()).isEqualTo(1);
    assertThat(server.ledger().getFirst().fault()).isEqualTo("RESET");
  }

  @Test
  void fault_resetMidBody_cutsTheBody() throws IOException {
    script(FaultSpec.of("* /**", Kind.RESET_MID_BODY));
    try (var client = new RawClient(server.apiUrl())) {
      client.send("GET", "/a", "");
      var head = client.head();
      assertThat(head).startsWith("HTTP/1.1 200");
      assertThatThrownBy(() -> client.body(head)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void fault_noAnswer_keepsConnectionOpen() throws IOException {
    script(FaultSpec.of("* /**", Kind.NO_ANSWER).in(FaultSpec.Phase.BEFORE_EFFECT));
    try (var client = new RawClient(server.apiUrl())) {
      client.timeout(100);
      client.send("GET", "/a", "");
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(server.report().count(Decision.FAILED_BEFORE_EFFECT)).isEqualTo(1);
  }

  @Test
  void fault_slowBody_trickles() throws IOException {
    script(FaultSpec.of("* /**", Kind.SLOW_BODY).withAmount(1_000));
    try (var client = new RawClient(server.apiUrl())) {
      var start = System.nanoTime();
      var answer = client.exchange("GET", "/a", "");
      assertThat(answer).contains("\"path\": \"/a\"");
      assertThat(System.nanoTime() - start).isGreaterThan(80_000_000);
    }
  }

  @Test
  void fault_truncatedGzip_cannotBeUnzipped() throws IOException {
    script(FaultSpec.of("* /**", Kind.TRUNCATED_GZIP));
    try (var client = new RawClient(server.apiUrl())) {
      client.send("GET", "/a", "");
      var head = client.head();
      var body = client.body(head);
      assertThat(head).contains("Content-Encoding: gzip");
      try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
        assertThatThrownBy(gzip::readAllBytes).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void fault_oddHeadersAndBodies_areSentAsScripted() throws IOException {
    script(FaultSpec.of("GET /limited", Kind.DUPLICATE_HEADERS));
    script(FaultSpec.of("GET /odd", Kind.NON_ASCII_HEADERS));
    script(FaultSpec.of("GET /none", Kind.NO_CONTENT));
    script(FaultSpec.of("GET /big", Kind.BIG_BODY).withAmount(8 << 20));
    script(FaultSpec.of("GET /close", Kind.CLOSE));
    try (var client = new RawClient(server.apiUrl())) {
      assertThat(client.exchange("GET", "/limited", "").split("X-RateLimit-Bucket")).hasSize(3);
      assertThat(client.exchange("GET", "/odd", "")).contains("X-Weather: na\u00c3\u00afve");
      assertThat(client.exchange("GET", "/none", ""))
          .startsWith("HTTP/1.1 204")
          .doesNotContain("Content-Length");
      assertThat(client.exchange("GET", "/big", "")).hasSizeGreaterThan(8 << 20);
      assertThat(client.exchange("GET", "/close", "")).contains("Connection: close");
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void delays_forward_comesBeforeLimitCheck() throws IOException {
    var forward = DelaySpec.uniform(Duration.ofMillis(30), Duration.ofMillis(30));
    server.reset(
        Scenarios.unlimited().toBuilder()
            .delays(new Delays(forward, DelaySpec.none(), DelaySpec.none()))
            .build());
    try (var client = new RawClient(server.apiUrl())) {
      client.exchange("GET", "/a", "");
    }

    var entry = server.ledger().getFirst();

    assertThat(entry.arrivalMicros() - entry.receivedMicros()).isGreaterThanOrEqualTo(30_000);
    assertThat(server.report().totals().shortestRoundTripMicros()).isEqualTo(30_000);
  }

  @Test
  void control_reportAndScript_workOverHttp() throws IOException {
    try (var client = new RawClient(server.apiUrl())) {
      client.exchange("GET", "/limited", "", "x-sim-instance: one", "x-sim-seq: 4");
    }
    try (var control = new ControlClient(server.controlUrl())) {
      assertThat(Report.parse(control.get("/report")).bucket("limited").orElseThrow().accepted())
          .isEqualTo(1);
      assertThat(control.get("/ledger")).contains("instance=one seq=4");
      assertThat(Scenario.parse(control.get("/scenario")).name()).isEqualTo("unlimited");
      assertThatThrownBy(() -> control.post("/script", "limit hash=limited limit=x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("limit: x");
      assertThatThrownBy(() -> control.post("/script", "limit hash=unknown limit=1"))
          .hasMessageContaining("unknown");
      control.post("/reset", "");
      assertThat(Report.parse(control.get("/report")).totals().arrived()).isZero();
    }
  }

  private void script(FaultSpec fault) {
    server.script(new Change.AddFault(fault));
  }
}
