package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusProxyEventsTest {
  private static final Route MESSAGES = route("POST /channels/:id/messages");
  private static final Duration ELAPSED = Duration.ofMillis(30);
  private static final String LABELS = "method=\"POST\",path=\"/channels/:id/messages\"";

  private final PrometheusProxyEvents events = new PrometheusProxyEvents();

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  void originalsMetrics_afterARequest_haveItsNamesAndLabels() {
    events.requestReceived();
    events.rateLimitWaited(MESSAGES, Duration.ofMillis(1500));
    events.requestFinished(MESSAGES, http(200), ELAPSED);

    assertThat(lines())
        .contains(
            "# TYPE proxy_requests_total counter",
            "proxy_requests_total{" + LABELS + "} 1.0",
            "# TYPE proxy_responses_total counter",
            "proxy_responses_total{" + LABELS + ",status=\"200\"} 1.0",
            "# TYPE proxy_request_latency histogram",
            "proxy_request_latency_bucket{" + LABELS + ",le=\"0.025\"} 0",
            "proxy_request_latency_bucket{" + LABELS + ",le=\"0.05\"} 1",
            "proxy_request_latency_bucket{" + LABELS + ",le=\"+Inf\"} 1",
            "proxy_request_latency_count{" + LABELS + "} 1",
            "proxy_request_latency_sum{" + LABELS + "} 0.03",
            "# TYPE proxy_ratelimit_latency histogram",
            "proxy_ratelimit_latency_bucket{" + LABELS + ",le=\"1.0\"} 0",
            "proxy_ratelimit_latency_bucket{" + LABELS + ",le=\"2.5\"} 1",
            "proxy_ratelimit_latency_sum{" + LABELS + "} 1.5");
  }

  @Test
  void names_ofAllMetrics_areTheseOnly() {
    events.rateLimitWaited(MESSAGES, ELAPSED);
    events.requestFinished(MESSAGES, http(200), ELAPSED);

    Set<String> names = new TreeSet<>();
    for (String line : lines()) {
      if (line.startsWith("# TYPE ")) {
        names.add(line.split(" ")[2]);
      }
    }
    assertThat(names)
        .containsExactly(
            "proxy_cache_answers_total",
            "proxy_egress_blocked",
            "proxy_expired_unsent_total",
            "proxy_failures_total",
            "proxy_gateway_events_total",
            "proxy_gateway_sends_total",
            "proxy_held_bytes",
            "proxy_held_requests",
            "proxy_in_flight",
            "proxy_invalid_requests_window",
            "proxy_rate_limited_total",
            "proxy_ratelimit_degraded",
            "proxy_ratelimit_latency",
            "proxy_ratelimit_latency_max",
            "proxy_ratelimit_waiting",
            "proxy_received_total",
            "proxy_redeliveries_total",
            "proxy_replies_lost_total",
            "proxy_request_latency",
            "proxy_request_latency_max",
            "proxy_requests_total",
            "proxy_responses_total",
            "proxy_retries_total");
  }

  @Test
  void sends_ofEachOutcome_areCountedApart() {
    events.sendPublished();
    events.sendPublished();
    events.sendDropped();
    events.sendFailed();

    assertThat(lines())
        .contains(
            "proxy_gateway_sends_total{outcome=\"published\"} 2.0",
            "proxy_gateway_sends_total{outcome=\"dropped\"} 1.0",
            "proxy_gateway_sends_total{outcome=\"failed\"} 1.0");
  }

  @Test
  void answers_fromEachSource_areCountedApart() {
    events.answeredFrom(MESSAGES, CacheSource.REST);
    events.answeredFrom(MESSAGES, CacheSource.REST);
    events.answeredFrom(MESSAGES, CacheSource.ORIGIN);

    assertThat(lines())
        .contains(
            "proxy_cache_answers_total{source=\"rest\"} 2.0",
            "proxy_cache_answers_total{source=\"origin\"} 1.0",
            "proxy_cache_answers_total{source=\"stale\"} 0.0");
  }

  @Test
  void answerThatTheProxyMade_isNoRefusal_ifItIsOneToWhatWasAsked() {
    var made = Headers.empty().with("x-spectacles-source", "proxy");
    events.answeredFrom(MESSAGES, CacheSource.GATEWAY);
    events.requestFinished(MESSAGES, new ProxyResponse.Http(200, made, "", Body.empty()), ELAPSED);

    assertThat(lines())
        .contains(
            "proxy_cache_answers_total{source=\"gateway\"} 1.0",
            "proxy_responses_total{" + LABELS + ",status=\"200\"} 1.0",
            "proxy_failures_total{reason=\"refused\"} 0.0");
  }

  @Test
  void pagesOfTheCaches_areCountedAsAnswersOfTheDesk() {
    var shown = route("GET /@cache/guilds/:number");
    events.requestFinished(shown, http(200), ELAPSED);
    events.requestFinished(shown, http(404), ELAPSED);

    assertThat(lines()).contains("proxy_cache_answers_total{source=\"desk\"} 1.0");
  }

  @Test
  void routes_ofMadeUpMethodsAndEndlessPaths_areCountedTogether() {
    events.rateLimitWaited(route("X175928847299117063 /users/@me"), ELAPSED);
    events.rateLimitWaited(route("GET /" + "a/".repeat(100)), ELAPSED);

    assertThat(lines())
        .contains("proxy_requests_total{method=\"other\",path=\"other\"} 2.0")
        .noneMatch(line -> line.contains("1759") || line.contains("a/a/a"));
  }

  @Test
  void answers_ofEachKind_areCountedApart() {
    events.requestFinished(MESSAGES, http(200), ELAPSED);
    events.requestFinished(MESSAGES, http(404), ELAPSED);
    events.requestFinished(MESSAGES, http(404), ELAPSED);
    events.requestFinished(MESSAGES, http(7), ELAPSED);
    var refused = Headers.empty().with("x-spectacles-source", "proxy");
    events.requestFinished(
        MESSAGES, new ProxyResponse.Http(429, refused, "", Body.empty()), ELAPSED);
    events.requestFinished(
        Route.UNREADABLE,
        new ProxyResponse.Failure(ResponseStatus.INVALID_REQUEST_FORMAT, "no"),
        ELAPSED);

    assertThat(lines())
        .contains(
            "proxy_responses_total{" + LABELS + ",status=\"200\"} 1.0",
            "proxy_responses_total{" + LABELS + ",status=\"404\"} 2.0",
            "proxy_responses_total{" + LABELS + ",status=\"other\"} 1.0",
            "proxy_failures_total{reason=\"refused\"} 1.0",
            "proxy_failures_total{reason=\"invalid_request_format\"} 1.0",
            "proxy_failures_total{reason=\"request_timeout\"} 0.0",
            "proxy_request_latency_count{" + LABELS + "} 5",
            "proxy_request_latency_count{method=\"none\",path=\"unreadable\"} 1")
        .noneMatch(line -> line.contains("status=\"429\""));
  }

  @Test
  void rateLimits_byScope_areCounted() {
    events.rateLimited(MESSAGES, Scope.USER);
    events.rateLimited(MESSAGES, Scope.SHARED);
    events.rateLimited(MESSAGES, Scope.SHARED);

    assertThat(lines())
        .contains(
            "proxy_rate_limited_total{scope=\"user\"} 1.0",
            "proxy_rate_limited_total{scope=\"shared\"} 2.0",
            "proxy_rate_limited_total{scope=\"global\"} 0.0",
            "proxy_rate_limited_total{scope=\"sublimit\"} 0.0",
            "proxy_rate_limited_total{scope=\"cloudflare\"} 0.0");
  }

  @Test
  void brokerEvents_areCounted() {
    events.requestReceived();
    events.retried(MESSAGES);
    events.replyLost();
    events.replyLost();
    events.redelivered();
    events.expiredUnsent();
    events.rateLimitWaiting(1);
    events.rateLimitWaiting(1);
    events.rateLimitWaiting(-1);
    events.inFlight(1);
    events.inFlight(1);
    events.inFlight(-1);
    events.eventsIngested(500);
    events.eventDropped();
    events.held(3, 4096);
    events.held(2, 1024);
    events.invalidRequests(42);
    events.egressBlocked(true);

    assertThat(lines())
        .contains(
            "proxy_received_total 1.0",
            "proxy_retries_total 1.0",
            "proxy_replies_lost_total 2.0",
            "proxy_redeliveries_total 1.0",
            "proxy_expired_unsent_total 1.0",
            "proxy_ratelimit_waiting 1.0",
            "proxy_in_flight 1.0",
            "proxy_gateway_events_total{outcome=\"applied\"} 500.0",
            "proxy_gateway_events_total{outcome=\"dropped\"} 1.0",
            "proxy_held_requests 2.0",
            "proxy_held_bytes 1024.0",
            "proxy_invalid_requests_window 42.0",
            "proxy_egress_blocked 1.0");
  }

  @Test
  void routes_hundredThousandAtOnce_areBounded() throws Exception {
    int threads = 8;
    int perThread = 12_500;
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> done =
          IntStream.range(0, threads)
              .mapToObj(
                  t ->
                      callers.submit(
                          () -> {
                            for (int i = 0; i < perThread; i++) {
                              events.rateLimitWaited(route("GET /x/" + t + "/" + i), ELAPSED);
                            }
                          }))
              .toList();
      for (Future<?> each : done) {
        each.get(60, TimeUnit.SECONDS);
      }
    }

    var counts = lines().stream().filter(line -> line.startsWith("proxy_requests_total{")).toList();
    assertThat(counts).hasSize(PrometheusProxyEvents.MAX_ROUTES + 1);
    assertThat(counts)
        .contains(
            "proxy_requests_total{method=\"other\",path=\"other\"} "
                + (double) (threads * perThread - PrometheusProxyEvents.MAX_ROUTES));
  }

  @Test
  void label_withQuotesAndNewlines_isEscaped() {
    events.rateLimitWaited(route("GET /a\"b\\c\nd"), ELAPSED);

    assertThat(lines())
        .contains("proxy_requests_total{method=\"GET\",path=\"/a\\\"b\\\\c\\nd\"} 1.0");
  }

  private List<String> lines() {
    return Arrays.asList(events.scrape().split("\n", -1));
  }

  private static ProxyResponse.Http http(int code) {
    return new ProxyResponse.Http(code, Headers.empty(), "", Body.empty());
  }

  private static Route route(String key) {
    return new Route(new RouteKey(key), MajorParameter.NONE, new BlockKey(key), Route.Kind.OTHER);
  }
}
