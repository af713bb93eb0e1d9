package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers over HTTP, before the jar that users run. */
@Timeout(120)
class FrontDoorIT {
  private static final String BOT = "Bot front-door";

  private static SimulatorProcess discord(Rate rate) throws Exception {
    return SimulatorProcess.start(
        Scenario.builder("front door")
            .delays(Delays.reference())
            .global(1_000, RateModel.FIXED)
            .route("GET /channels/{channel_id}/alpha", "alpha", rate)
            .build());
  }

  @Test
  void saturatedBucket_meetsNo429_andTellsNobodyOfLimits() throws Exception {
    try (var discord = discord(Rate.sliding(20, Duration.ofSeconds(1)));
        var callers = new HttpCallers(discord.apiUrl(), Map.of())) {
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 80; i++) {
        answers.add(
            callers.start(
                callers.request("/api/v10/channels/1/alpha").header("Authorization", BOT)));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        HttpResponse<String> response = answer.get(30, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().map().keySet())
            .noneMatch(name -> name.startsWith("x-ratelimit"));
      }
      assertThat(discord.report().limited()).isZero();
      assertThat(discord.report().bucket("alpha").orElseThrow().maxInFlight()).isPositive();
    }
  }

  @Test
  void callerWhoGoes_leavesItsTurnToOthers() throws Exception {
    try (var discord = discord(Rate.sliding(1, Duration.ofSeconds(2)));
        var callers = new HttpCallers(discord.apiUrl(), Map.of())) {
      callers.send(callers.request("/api/v10/channels/1/alpha").header("Authorization", BOT));
      for (int i = 0; i < 5; i++) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), callers.port())) {
          socket
              .getOutputStream()
              .write(
                  ("GET /api/v10/channels/1/alpha HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                          + BOT
                          + "\r\n\r\n")
                      .getBytes(ISO_8859_1));
          // Long enough to be in line, and much shorter than the wait there.
          Until.passes(Duration.ofMillis(50));
        }
      }
      HttpResponse<String> last =
          callers.send(callers.request("/api/v10/channels/1/alpha").header("Authorization", BOT));

      assertThat(last.statusCode()).isEqualTo(200);
      assertThat(discord.ledger().stream().filter(entry -> entry.path().endsWith("/alpha")).count())
          .as("what was sent of seven")
          .isEqualTo(2);
    }
  }

  @Test
  void request_reachesDiscord_asItsCallerMeantIt() throws Exception {
    var bytes = new byte[8 << 20];
    new Random(8).nextBytes(bytes);
    var settings =
        Map.of(
            "DISCORD_TOKEN",
            "planted-token",
            "HTTP_DEFAULT_TOKEN",
            "true",
            "HTTP_SECRET",
            "a-secret-of-the-door");
    try (var discord = Upstream.answeringOk();
        var callers = new HttpCallers(discord.apiUrl(), settings)) {
      assertThat(callers.send(callers.request("/api/v10/gateway")).statusCode()).isEqualTo(401);
      assertThat(discord.seen()).isEmpty();

      for (String path :
          List.of("/api/v10/users/@me", "/api/users/@me", "/users/@me", "/api/v9/users/@me")) {
        send(callers, path);
      }
      send(callers, "/api/v10/webhooks/1234567890123456/a-token");
      callers.send(
          callers
              .request("/api/v10/channels/1/messages?limit=5")
              .header("X-Spectacles-Secret", "a-secret-of-the-door")
              .header("Authorization", "Bot own")
              .header("Content-Type", "multipart/form-data; boundary=b")
              .POST(BodyPublishers.ofByteArray(bytes)));

      List<Upstream.Seen> seen = discord.seen();
      assertThat(seen)
          .extracting(Upstream.Seen::target)
          .containsExactly(
              "/api/v10/users/@me",
              "/api/v10/users/@me",
              "/api/v10/users/@me",
              "/api/v9/users/@me",
              "/api/v10/webhooks/1234567890123456/a-token",
              "/api/v10/channels/1/messages?limit=5");
      assertThat(seen)
          .extracting(request -> request.header("authorization"))
          .containsExactly(
              "Bot planted-token",
              "Bot planted-token",
              "Bot planted-token",
              "Bot planted-token",
              "",
              "Bot own");
      assertThat(seen).allMatch(request -> request.header("x-spectacles-secret").isEmpty());
      Upstream.Seen upload = seen.getLast();
      assertThat(upload.header("content-type")).isEqualTo("multipart/form-data; boundary=b");
      assertThat(upload.body()).isEqualTo(bytes);
      assertThat(callers.proxy().output()).doesNotContain("planted-token", "a-secret-of-the-door");
    }
  }

  private static void send(HttpCallers callers, String path) throws Exception {
    var request = callers.request(path).header("X-Spectacles-Secret", "a-secret-of-the-door");
    assertThat(callers.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void sigterm_underLoad_answersEveryRequest() throws Exception {
    try (var discord = discord(Rate.sliding(10, Duration.ofSeconds(1)));
        var callers = new HttpCallers(discord.apiUrl(), Map.of("DRAIN_TIMEOUT", "3s"))) {
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 100; i++) {
        answers.add(
            callers.start(
                callers.request("/api/v10/channels/1/alpha").header("Authorization", BOT)));
      }
      answers.getFirst().get(30, TimeUnit.SECONDS);
      Until.holds("most are in line", () -> discord.ledger().size() >= 10);
      Until.passes(Duration.ofMillis(500));

      assertThat(callers.proxy().terminate(Duration.ofSeconds(10))).isZero();
      var codes = new TreeMap<Integer, Integer>();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        codes.merge(answer.get(10, TimeUnit.SECONDS).statusCode(), 1, Integer::sum);
      }
      System.out.println("answers to 100 requests around a SIGTERM: " + codes);
      assertThat(codes.keySet()).isSubsetOf(200, 502, 503);
      assertThat(codes.get(200)).as("as many as there was time for").isGreaterThan(20);
      assertThat(codes.get(503)).isPositive();
      assertThat(discord.report().limited()).isZero();
    }
  }
}
