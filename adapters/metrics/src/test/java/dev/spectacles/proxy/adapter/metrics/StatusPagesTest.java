package dev.spectacles.proxy.adapter.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.AnswerClass;
import dev.spectacles.proxy.application.port.in.Status.Condition.Word;
import dev.spectacles.proxy.application.port.in.Status.LimitStore.Sharing;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusPagesTest {
  private static final TokenId CALLER =
      TokenId.of(Headers.empty().with("authorization", "Bot hush.hush.hush"));

  @Test
  void page_letsOnlyItsOwnStyleAndScriptRun() throws Exception {
    Page.Content page = StatusPages.page().content();
    String html = page.body().utf8();

    assertThat(page.headers().get("Content-Security-Policy"))
        .startsWith("default-src 'none'; ")
        .contains("style-src '" + hash(html, "style") + "'")
        .contains("script-src '" + hash(html, "script") + "'")
        .contains("connect-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("})
  void page_takesNoTextForMarkup(String way) throws Exception {
    assertThat(StatusPages.page().content().body().utf8()).doesNotContain(way);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src=", "@import", "url(", "//cdn", "https://"})
  void page_loadsNothing(String way) throws Exception {
    assertThat(StatusPages.page().content().body().utf8()).doesNotContain(way);
  }

  @ParameterizedTest
  @CsvSource({"metrics, /", "'', /status"})
  void pages_areServed_whereTheMetricsAreNot(String metrics, String page) throws Exception {
    try (var events = new PrometheusProxyEvents();
        var server = MetricsServer.start("127.0.0.1:0", metrics, events);
        var http = HttpClient.newHttpClient()) {
      StatusPages.addTo(server, "/" + metrics, StatusPagesTest::status);

      assertThat(get(http, server, page).body()).startsWith("<!doctype html>");
      assertThat(get(http, server, page).headers().firstValue("content-security-policy"))
          .isPresent();
      HttpResponse<String> json = get(http, server, "/status.json");
      assertThat(json.headers().firstValue("content-type"))
          .contains("application/json; charset=utf-8");
      assertThat(json.body()).startsWith("{\"instance\":{\"name\":\"proxy-1\"");
    }
  }

  @Test
  void json_hasEveryFigure_andNoCredentials() {
    String json = StatusJson.of(status());

    assertThat(json)
        .isEqualTo(
            """
            {"instance":{"name":"proxy-1","version":"1.0","uptime_s":90,"time":"2026-01-01T00:00:00Z"},\
            "condition":"serving","reasons":["a \\"reason\\"\\u000a"],\
            "traffic":{"per_second":[1,2],"rate":1.5,\
            "answers":{"2xx":3,"3xx":0,"4xx":0,"5xx":0,"refused":0,"failed":0},\
            "wait":{"count":2,"p50_ms":0.25,"p99_ms":1500.0},"whole":null,"retried":4},\
            "limits":{"waiting":5,"buckets":[{"route":"GET /channels/:id","resource":"channels/1",\
            "caller":"%s","model":"sliding","level":2.5,"limit":5,"in_flight":1,"waiting":6,\
            "oldest_ms":7.0,"next_ms":null}],\
            "limited":{"global":0,"user":0,"sublimit":0,"shared":8,"cloudflare":0}},\
            "held":{"requests":9,"most_requests":10,"bytes":11,"most_bytes":12},\
            "invalid":{"count":13,"limit":10000,"warn":5000,"hold_back":8000,"refuse":9500,\
            "level":"calm","banned":false,"closed_ms":0.0},\
            "cache":{"store":"memory","answers":{"origin":0,"coalesced":0,"rest":14,"stale":0,\
            "negative":0,"gateway":0}},\
            "broker":{"type":"redis","absence":null,"backlog":15,"redelivered":16,"lost_replies":17},\
            "store":{"type":"redis","sharing":"degraded","away_ms":18000.0,"instances":2},\
            "gateway":{"store":"memory","lag_ms":null,"lagging":true,"guilds":null,"events":19,\
            "dropped":20}}\
            """
                .formatted(CALLER.value().substring(0, 8)));
    assertThat(json).doesNotContain("hush").doesNotContain(CALLER.value());
  }

  private static Status status() {
    var bucket =
        new BucketStatus(
            new BucketKey("hash", new MajorParameter("channels/1")),
            Model.SLIDING,
            5,
            2.5,
            1,
            Optional.empty());
    return new Status(
        new Status.Instance(
            "proxy-1", "1.0", Duration.ofSeconds(90), Instant.parse("2026-01-01T00:00:00Z")),
        new Status.Condition(Word.SERVING, List.of("a \"reason\"\n")),
        new Status.Traffic(
            List.of(1L, 2L),
            1.5,
            Map.of(AnswerClass.SUCCESS, 3L),
            Optional.of(
                new Status.Percentiles(2, Duration.ofNanos(250_000), Duration.ofMillis(1_500))),
            Optional.empty(),
            4),
        new Status.Limits(
            5,
            Optional.of(
                List.of(
                    new PeekLimits.Waiting(
                        CALLER,
                        new RouteKey("GET /channels/:id"),
                        bucket,
                        6,
                        Duration.ofMillis(7)))),
            Map.of(Scope.SHARED, 8L)),
        new Status.Held(9, 10, 11, 12),
        new Status.Address(
            13,
            new InvalidLimit(InvalidLimit.DISCORDS),
            InvalidLimit.Level.CALM,
            false,
            Duration.ZERO),
        new Status.Cache(Optional.of("memory"), Map.of(CacheSource.REST, 14L)),
        new Status.BrokerLink("redis", Optional.empty(), OptionalLong.of(15), 16, 17),
        new Status.LimitStore("redis", Sharing.DEGRADED, Optional.of(Duration.ofSeconds(18)), 2),
        Optional.of(
            new Status.Gateway("memory", Optional.empty(), true, OptionalLong.empty(), 19, 20)));
  }

  private static HttpResponse<String> get(HttpClient http, MetricsServer server, String path)
      throws Exception {
    var url = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
  }

  private static String hash(String html, String element) throws Exception {
    String content =
        html.replaceFirst("(?s).*<" + element + ">", "")
            .replaceFirst("(?s)</" + element + ">.*", "");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }
}
