package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Discord gets, and what the caller gets back: bytes, headers, addresses. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamIT {
  private static final int LARGEST = 8 << 20;

  private EmbeddedRedis redis;
  private Upstream discord;
  private Worker worker;
  private ProxyProcess proxy;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord = new Upstream(UpstreamIT::answer);
    worker = new Worker(redis.url());
    var settings = ProxyProcess.settings(redis.url(), discord.apiUrl());
    settings.put("DISCORD_MAX_RESPONSE_BYTES", Integer.toString(LARGEST));
    proxy = ProxyProcess.start(settings);
  }

  @AfterAll
  void stop() {
    proxy.close();
    worker.close();
    discord.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    discord.forget();
  }

  @Test
  void body_of8MiB_travelsBothWaysUnchanged() throws InterruptedException {
    byte[] body = new byte[LARGEST];
    new Random(8).nextBytes(body);
    var draft = Worker.post("/echo").body("application/octet-stream", body);

    var answer = worker.publish(draft).http(60);

    assertThat(discord.seen().getFirst().body()).isEqualTo(body);
    assertThat(answer.body().bytes()).isEqualTo(body);
  }

  @Test
  void everyByte_travelsBothWaysUnchanged() throws InterruptedException {
    byte[] body = new byte[256];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }

    var answer = worker.publish(Worker.post("/echo").body("image/png", body)).http(10);

    assertThat(answer.body().bytes()).isEqualTo(body);
    assertThat(discord.seen().getFirst().header("content-type")).isEqualTo("image/png");
  }

  @Test
  void answer_aboveTheLimit_isStatus7() throws InterruptedException {
    var atLimit = worker.publish(Worker.get("/large").query("bytes", "" + LARGEST)).http(30);
    var above = worker.publish(Worker.get("/large").query("bytes", "" + (LARGEST + 1)));

    assertThat(atLimit.body().size()).isEqualTo(LARGEST);
    var failure = above.failure(30);
    assertThat(failure.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
    assertThat(failure.message()).contains("max_response_bytes");
  }

  @Test
  void redirect_isReportedAndNotFollowed() throws InterruptedException {
    ProxyResponse.Http answer = worker.publish(Worker.get("/redirect")).http(10);

    assertThat(answer.code()).isEqualTo(302);
    assertThat(answer.headers().first("location")).contains(discord.apiUrl() + "/v10/target");
    assertThat(discord.seen()).hasSize(1);
  }

  @Test
  void hopByHopHeaders_areNotPassedOn() throws InterruptedException {
    var draft =
        Worker.post("/echo")
            .body("text/plain", "five!".getBytes(UTF_8))
            .header("Connection", "keep-alive, X-Private")
            .header("X-Private", "of one connection")
            .header("Keep-Alive", "timeout=5")
            .header("Transfer-Encoding", "chunked")
            .header("TE", "trailers")
            .header("Trailer", "X-After")
            .header("Upgrade", "h2c")
            .header("Proxy-Authorization", "Basic eDp5")
            .header("Host", "elsewhere.example")
            .header("Content-Length", "1")
            .header("Expect", "100-continue")
            .header("X-Spectacles-Priority", "high")
            .header("X-Audit-Log-Reason", "passed%20on");

    assertThat(worker.publish(draft).http(10).code()).isEqualTo(200);
    var seen = discord.seen().getFirst();
    assertThat(seen.body()).asString(UTF_8).isEqualTo("five!");
    assertThat(seen.headers())
        .doesNotContainKeys(
            "x-private",
            "keep-alive",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "proxy-authorization",
            "expect",
            "x-spectacles-priority");
    assertThat(seen.header("host")).isEqualTo(discord.apiUrl().getAuthority());
    assertThat(seen.header("content-length")).isEqualTo("5");
    assertThat(seen.header("authorization")).isEqualTo("Bot e2e");
    assertThat(seen.header("x-audit-log-reason")).isEqualTo("passed%20on");
  }

  @Test
  void userAgent_byDefault_hasDiscordsForm() throws InterruptedException {
    assertThat(worker.publish(Worker.get("/echo")).http(10).code()).isEqualTo(200);

    assertThat(discord.seen().getFirst().header("user-agent"))
        .matches("DiscordBot \\(https://\\S+, \\S+\\)");
  }

  @Test
  void pathAndQuery_arriveAsTheCallerMeantThem() throws InterruptedException {
    byte[] request =
        Packed.of(
            Map.of(
                "method",
                "PUT",
                "path",
                "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me",
                "query",
                Map.of("a b", "c&d=e/é+%")));

    assertThat(worker.publish(request).http(10).code()).isEqualTo(200);
    assertThat(discord.seen().getFirst().method()).isEqualTo("PUT");
    assertThat(discord.seen().getFirst().target())
        .isEqualTo(
            "/api/v10/channels/1/messages/2/reactions/%F0%9F%91%8D/@me"
                + "?a%20b=c%26d%3De%2F%C3%A9%2B%25");
  }

  @Test
  void headersOfTheAnswer_areLowerCaseAndJoined() throws InterruptedException {
    var headers = worker.publish(Worker.get("/echo")).http(10).headers().joined();

    assertThat(headers).containsEntry("set-cookie", "a=1, b=2").doesNotContainKey("connection");
    assertThat(headers.keySet()).allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
  }

  @Test
  void noContent_hasAnEmptyBody() throws InterruptedException {
    var answer = worker.publish(new Worker.Draft("DELETE", "/nothing")).http(10);

    assertThat(answer.code()).isEqualTo(204);
    assertThat(answer.body().isEmpty()).isTrue();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getResponseHeaders();
    String path = exchange.getRequestURI().getPath().replace("/api/v10", "");
    switch (path) {
      case "/large" -> {
        String bytes = exchange.getRequestURI().getQuery().replace("bytes=", "");
        Upstream.answer(exchange, 200, new byte[Integer.parseInt(bytes)]);
      }
      case "/redirect" -> {
        String root = "http://" + exchange.getRequestHeaders().getFirst("Host");
        headers.set("Location", root + "/api/v10/target");
        Upstream.answer(exchange, 302, new byte[0]);
      }
      case "/nothing" -> Upstream.answer(exchange, 204, new byte[0]);
      default -> {
        headers.add("Set-Cookie", "a=1");
        headers.add("Set-Cookie", "b=2");
        Upstream.answer(exchange, 200, (byte[]) exchange.getAttribute("body"));
      }
    }
  }
}
