package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Draft;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.FaultSpec.Kind;
import dev.spectacles.proxy.simulator.scenario.FaultSpec.Phase;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.TokenSpec;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A secret that is driven through every way a request can take shows up in no output. */
@Tag("redis")
class SecretsIT {
  private static final String SECRET = "s3cr3t-Marker";
  private static final String TOKEN = "Bot ODAz." + SECRET;
  private static final String REVOKED = "Bot revoked." + SECRET;
  private static final String WEBHOOK = "/webhooks/80351110224678912/" + SECRET;

  @Test
  void secret_onEveryPath_isNotLogged() throws Exception {
    try (var redis = RedisServers.embedded().start("--requirepass", SECRET);
        var discord = SimulatorProcess.start(scenario());
        var worker = new Worker(url(redis.port()))) {
      var settings = ProxyProcess.caching(url(redis.port()), discord.apiUrl());
      settings.put("LOG_LEVEL", "trace");
      settings.put("DISCORD_MAX_RESPONSE_BYTES", "100000");
      settings.put("BROKER_MAX_HELD", "40");
      var requests = new ArrayList<Published>();
      requests.add(worker.publishAs("1600000000000-0", secret("POST", WEBHOOK)));
      try (var proxy = ProxyProcess.start(settings)) {
        for (byte[] payload : payloads()) {
          requests.add(worker.publish(payload));
        }
        var statuses = EnumSet.noneOf(ResponseStatus.class);
        for (Published request : requests) {
          ProxyResponse answer = request.await(60);
          statuses.add(answer.status());
          // Methods and header names hold no secrets, and are quoted to whoever sent wrong ones.
          if (answer instanceof ProxyResponse.Failure failure
              && !failure.message().startsWith("method: ")
              && !failure.message().startsWith("headers: name ")) {
            assertThat(failure.message()).doesNotContainIgnoringCase(SECRET);
          }
        }
        assertThat(statuses)
            .isEqualTo(EnumSet.complementOf(EnumSet.of(ResponseStatus.UNKNOWN_ERROR)));

        redis.kill();
        Until.holds("the outage is noticed", () -> proxy.output().contains("is not reachable"));
        redis.startAgain();
        assertThat(worker.publish(secret("GET", "/users/@me")).http(30).code()).isEqualTo(200);

        assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
        assertClean(proxy.output());
        assertThat(proxy.output()).contains("DEBUG", "status=8", "status=7", "stopped");
      }
    }
  }

  @Test
  void wrongPassword_andUnreachableUpstream_areReportedWithoutSecrets() throws Exception {
    int nobody = RedisServers.freePort();
    try (var redis = RedisServers.embedded().start("--requirepass", "another");
        var worker = new Worker("redis://:another@" + redis.url())) {
      var settings =
          ProxyProcess.caching(
              url(redis.port()), URI.create("http://127.0.0.1:" + nobody + "/api"));
      settings.put("LOG_LEVEL", "trace");
      try (var refused = ProxyProcess.start(settings)) {
        Until.holds("it says so", () -> refused.output().contains("WARN"));
        refused.terminate(Duration.ofSeconds(15));
        assertClean(refused.output());
      }

      settings.put("REDIS_URL", "redis://:another@" + redis.url());
      try (var proxy = ProxyProcess.start(settings)) {
        var failure = worker.publish(secret("POST", WEBHOOK)).failure(60);
        assertThat(failure.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
        assertThat(failure.message()).doesNotContain(SECRET);
        proxy.terminate(Duration.ofSeconds(15));
        assertClean(proxy.output());
      }
    }
  }

  private static List<byte[]> payloads() {
    var payloads = new ArrayList<byte[]>();
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
      payloads.add(secret(method, WEBHOOK).encode());
      payloads.add(
          secret(method, "/interactions/80351110224678912/" + SECRET + "/callback").encode());
      payloads.add(secret(method, "/" + SECRET + "/" + SECRET).encode());
    }
    for (String fault :
        List.of(
            "status-500",
            "status-502",
            "reset",
            "mid-body",
            "gzip",
            "headers",
            "big",
            "forbidden",
            "missing",
            "never",
            "limited")) {
      payloads.add(timed(secret("POST", "/" + fault + "/" + SECRET), 2_000));
      payloads.add(timed(secret("GET", "/" + fault + "/" + SECRET), 2_000));
    }
    // More than one bucket may hold, and a wait that is too long.
    for (int i = 0; i < 15; i++) {
      payloads.add(timed(secret("GET", "/limited/" + SECRET), 1_500));
    }
    payloads.add(secret("GET", "/users/@me").header("Authorization", REVOKED).encode());
    payloads.add(secret("GET", "/users/@me").withoutAuthorization().encode());
    payloads.add(Packed.of(SECRET));
    payloads.add(Packed.of(Map.of(SECRET, SECRET)));
    payloads.add(SECRET.getBytes(UTF_8));
    payloads.add(("{\"method\": \"" + SECRET).getBytes(UTF_8));
    payloads.add(broken("method", "G " + SECRET));
    payloads.add(broken("method", List.of(SECRET)));
    payloads.add(broken("path", SECRET));
    payloads.add(broken("path", "/webhooks/1/" + SECRET + "/%zz"));
    payloads.add(broken("path", Map.of(SECRET, SECRET)));
    payloads.add(broken("query", SECRET));
    payloads.add(broken("query", Map.of(SECRET, List.of(SECRET))));
    payloads.add(broken("headers", Map.of("Authorization", SECRET + "\r\nHost: a")));
    payloads.add(broken("headers", Map.of(SECRET + " ", "value")));
    payloads.add(broken("headers", Map.of("Authorization", List.of(SECRET))));
    payloads.add(broken("body", Map.of(SECRET, SECRET)));
    payloads.add(broken("body", List.of(SECRET)));
    payloads.add(broken("timeout", SECRET));
    return payloads;
  }

  private static Draft secret(String method, String path) {
    return new Draft(method, path)
        .header("Authorization", TOKEN)
        .header("X-Audit-Log-Reason", SECRET)
        .query("token", SECRET)
        .json("{\"content\": \"" + SECRET + "\", \"nonce\": \"" + SECRET + "\"}");
  }

  /** With a deadline, so that no path takes long. */
  private static byte[] timed(Draft draft, int millis) {
    return draft.timeout(Duration.ofMillis(millis)).encode();
  }

  private static byte[] broken(String field, Object value) {
    var request = new TreeMap<String, Object>();
    request.put("method", "POST");
    request.put("path", WEBHOOK);
    request.put("headers", Map.of("Authorization", TOKEN));
    request.put("body", SECRET);
    request.put(field, value);
    return Packed.of(request);
  }

  private static Scenario scenario() {
    var builder =
        Scenarios.unlimited().toBuilder()
            .token(TokenSpec.valid(REVOKED).withState(TokenSpec.State.REVOKED))
            .route("* /limited/**", "limited", Rate.fixed(1, Duration.ofMinutes(5)))
            .at(Duration.ZERO, new Change.Forbid(RoutePattern.parse("* /forbidden/**"), true))
            .at(Duration.ZERO, new Change.Remove(RoutePattern.parse("* /missing/**"), true));
    for (int code : new int[] {500, 502}) {
      builder.fault(FaultSpec.status("* /status-" + code + "/**", code, Phase.BEFORE_EFFECT));
    }
    builder.fault(FaultSpec.of("* /reset/**", Kind.RESET));
    builder.fault(FaultSpec.of("* /mid-body/**", Kind.RESET_MID_BODY));
    builder.fault(FaultSpec.of("* /gzip/**", Kind.TRUNCATED_GZIP));
    builder.fault(FaultSpec.of("* /headers/**", Kind.NON_ASCII_HEADERS));
    builder.fault(FaultSpec.of("* /big/**", Kind.BIG_BODY).withAmount(200_000));
    builder.fault(FaultSpec.of("* /never/**", Kind.NO_ANSWER));
    return builder.build();
  }

  private static String url(int port) {
    return "redis://:" + SECRET + "@127.0.0.1:" + port;
  }

  /** Neither as it is nor as it looks when it is encoded. */
  private static void assertClean(String output) {
    assertThat(output).isNotEmpty();
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(SECRET.getBytes(UTF_8));
    for (String form : List.of(SECRET, URLEncoder.encode(SECRET, UTF_8), base64)) {
      assertThat(output.lines().filter(line -> line.contains(form)))
          .as("lines with %s", form)
          .isEmpty();
    }
  }
}
