package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.FaultSpec.Kind;
import dev.spectacles.proxy.simulator.scenario.FaultSpec.Phase;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol through the whole path: statuses, what cannot be read, what is sent again.
 *
 * <p>Status 1 has no test here: only a defect of the proxy or a limiter store that fails leads to
 * it, and from outside neither can be brought about. {@code ServeBrokerTest} does.
 */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolIT {
  private static final Scenario SCENARIO =
      Scenarios.unlimited().toBuilder()
          .fault(FaultSpec.of("* /reset/**", Kind.RESET))
          .fault(FaultSpec.of("* /reset-twice/**", Kind.RESET).times(2))
          .fault(FaultSpec.of("* /never/**", Kind.NO_ANSWER))
          .fault(FaultSpec.status("* /unavailable/**", 502, Phase.BEFORE_EFFECT).times(2))
          .build();

  private Stage stage;

  record Refused(ResponseStatus status, Object request, String about) {
    static Refused get(ResponseStatus status, String about, String field, Object value) {
      var request = new TreeMap<String, Object>();
      request.put("method", "GET");
      request.put("path", "/users/@me");
      request.put(field, value);
      return new Refused(status, request, about);
    }
  }

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of("RATELIMIT_GLOBAL", "100000", "REDIS_TRIM_INTERVAL", "200ms"));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @BeforeEach
  void reset() {
    stage.discord().reset(SCENARIO);
  }

  static List<Refused> refusals() {
    var format = ResponseStatus.INVALID_REQUEST_FORMAT;
    return List.of(
        new Refused(format, "text", "request: "),
        new Refused(format, List.of("GET", "/users/@me"), "request: "),
        new Refused(format, Map.of("path", "/users/@me"), "request: lacks method"),
        new Refused(format, Map.of("method", "GET"), "request: lacks path"),
        Refused.get(ResponseStatus.INVALID_PATH, "path: ", "path", "users/@me"),
        Refused.get(ResponseStatus.INVALID_PATH, "path: ", "path", "/../../oauth2/token"),
        Refused.get(ResponseStatus.INVALID_PATH, "path: ", "path", "/users/%zz"),
        Refused.get(ResponseStatus.INVALID_QUERY, "query: ", "query", List.of("a")),
        Refused.get(ResponseStatus.INVALID_QUERY, "query: ", "query", Map.of("a", Map.of())),
        Refused.get(ResponseStatus.INVALID_METHOD, "method: ", "method", "G ET"),
        Refused.get(ResponseStatus.INVALID_METHOD, "method: ", "method", 7),
        Refused.get(ResponseStatus.INVALID_HEADERS, "headers: ", "headers", "a: b"),
        Refused.get(ResponseStatus.INVALID_HEADERS, "headers: ", "headers", Map.of("a b", "c")),
        Refused.get(
            ResponseStatus.INVALID_HEADERS, "headers: ", "headers", Map.of("X-A", "b\r\nHost: c")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void request_thatIsWrong_isRefusedAndNotSent(Refused refused) throws InterruptedException {
    var failure = stage.worker().publish(Packed.of(refused.request())).failure(10);

    assertThat(failure.status()).isEqualTo(refused.status());
    assertThat(failure.message()).startsWith(refused.about());
    assertThat(stage.discord().report().totals().arrived()).isZero();
  }

  @Test
  void request_thatIsRight_isStatus0() throws InterruptedException {
    var answer = stage.worker().publish(Worker.get("/users/@me")).http(10);

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.url()).isEqualTo(stage.discord().apiUrl() + "/v10/users/@me");
    assertThat(new String(answer.body().bytes(), UTF_8)).contains("\"simulated\"");
  }

  @Test
  void request_inJson_isRead() throws InterruptedException {
    byte[] json = "{\"method\": \"GET\", \"path\": \"/gateway\"}".getBytes(UTF_8);

    assertThat(stage.worker().publish(json).http(10).code()).isEqualTo(200);
  }

  @Test
  void undecodable_isStatus2_andTheStreamGoesOn() throws Exception {
    var random = new Random(20_260_101);
    var junk = new ArrayList<byte[]>();
    junk.add(new byte[0]);
    junk.add(new byte[] {(byte) 0xdf, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    junk.add(new byte[] {(byte) 0xc6, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1});
    junk.add("{\"method\": \"GET\"".getBytes(UTF_8));
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 0x91);
    junk.add(deep);
    for (int i = 0; i < 95; i++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      junk.add(noise);
    }
    var refused = new ArrayList<Published>();
    for (byte[] payload : junk) {
      refused.add(stage.worker().publish(payload));
    }
    var last = stage.worker().publish(Worker.get("/gateway"));

    for (Published request : refused) {
      assertThat(request.failure(10).status()).isEqualTo(ResponseStatus.INVALID_REQUEST_FORMAT);
    }
    assertThat(last.http(10).code()).isEqualTo(200);
    assertThat(stage.discord().report().totals().arrived()).isEqualTo(1);
    try (var redis = stage.redis()) {
      var noData = redis.command("XADD", "REQUEST", "*", "other", "field");
      assertThat(noData).isNotNull();
      Until.holds("nothing is pending", () -> pending(redis) == 0);
    }
  }

  @Test
  void expired_isStatus8_andNotSent() throws InterruptedException {
    var requests = new ArrayList<Published>();
    for (int i = 0; i < 20; i++) {
      Instant past = Instant.now().minusMillis(1 + 500L * i);
      byte[] data = Worker.post("/channels/" + i + "/messages").json("{}").encode();
      requests.add(stage.worker().publish(data, timeoutAt(past)));
    }

    for (Published request : requests) {
      assertThat(request.failure(10).status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
    }
    assertThat(stage.discord().report().totals().arrived()).isZero();
  }

  @Test
  void neverAnswered_isStatus8() throws InterruptedException {
    byte[] data = Worker.get("/never/1").encode();
    var request = stage.worker().publish(data, timeoutAt(Instant.now().plusMillis(300)));

    assertThat(request.failure(10).status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
    assertThat(stage.discord().report().totals().arrived()).isEqualTo(1);
  }

  @Test
  void unavailable_isSentAgain_whateverTheMethod() throws InterruptedException {
    var request = stage.worker().publish(Worker.post("/unavailable/1").json("{}"));

    assertThat(request.http(20).code()).isEqualTo(200);
    assertThat(stage.discord().ledger()).hasSize(3);
  }

  @Test
  void post_whoseConnectionIsReset_isStatus7_andSentOnce() throws InterruptedException {
    var request = stage.worker().publish(Worker.post("/reset/1").nonce("once").json("{}"));

    var failure = request.failure(20);
    assertThat(failure.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
    assertThat(failure.message()).startsWith("outcome unknown");
    assertThat(stage.discord().ledger()).hasSize(1);
  }

  @Test
  void get_whoseConnectionIsReset_isSentAgain() throws InterruptedException {
    var request = stage.worker().publish(Worker.get("/reset-twice/1"));

    assertThat(request.http(20).code()).isEqualTo(200);
    assertThat(stage.discord().ledger()).hasSize(3);
  }

  @Test
  void userAgent_isThatOfALibrary_unlessTheCallerSetsOne() throws InterruptedException {
    assertThat(stage.worker().publish(Worker.get("/users/@me")).http(10).code()).isEqualTo(200);

    var own = Worker.get("/users/@me").header("User-Agent", "curl/8");
    assertThat(stage.worker().publish(own).http(10).code()).isEqualTo(403);
  }

  @Test
  void stream_whenAllIsServed_isEmptied() throws Exception {
    var requests = new ArrayList<Published>();
    for (int i = 0; i < 500; i++) {
      requests.add(stage.worker().publish(Worker.get("/gateway")));
    }
    for (Published request : requests) {
      assertThat(request.http(30).code()).isEqualTo(200);
    }

    Until.holds("no more than one entry is left", () -> stage.worker().streamSize() <= 1);
    try (var redis = stage.redis()) {
      assertThat(pending(redis)).isZero();
    }
  }

  private static long pending(RespConnection redis) throws IOException {
    return (Long) ((List<?>) redis.command("XPENDING", "REQUEST", "gateway")).getFirst();
  }

  private static Map<String, byte[]> timeoutAt(Instant time) {
    long nanos = time.getEpochSecond() * 1_000_000_000L + time.getNano();
    return Map.of("timeout_at", Long.toString(nanos).getBytes(UTF_8));
  }
}
