package dev.spectacles.proxy.adapter.metrics;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Metrics of the proxy in a registry of their own, for Prometheus.
 *
 * <p>Thread-safe. Labels are route templates, HTTP status codes and the names of enums, so that
 * their number is bounded whatever callers send: beyond {@value #MAX_ROUTES} routes all further
 * ones are counted together as {@code other}.
 */
public final class PrometheusProxyEvents implements ProxyEvents, AutoCloseable {
  /** Number of routes that are told apart. */
  static final int MAX_ROUTES = 500;

  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String SOURCE = "x-spectacles-source";
  private static final int FIRST_ERROR = 400;
  private static final String DESK = "desk";
  private static final String DESK_PATHS = "/@cache";

  private final PrometheusMeterRegistry registry = exactlyNamed();
  private final RoutesSeen routes = new RoutesSeen(registry, MAX_ROUTES);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger heldRequests = new AtomicInteger();
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicLong invalidRequests = new AtomicLong();
  private volatile LongSupplier invalidNow = invalidRequests::get;
  private final AtomicInteger egressBlocked = new AtomicInteger();
  private final AtomicInteger degraded = new AtomicInteger();
  private final Counter received;
  private final Counter retries;
  private final Counter lostReplies;
  private final Counter redeliveries;
  private final Counter expiredUnsent;
  private final Counter sendsPublished;
  private final Counter sendsDropped;
  private final Counter sendsFailed;
  private final Counter refused;
  private final Counter eventsApplied;
  private final Counter eventsDropped;
  private final Counter deskAnswers;
  private final Map<ResponseStatus, Counter> failures = new EnumMap<>(ResponseStatus.class);
  private final Map<CacheSource, Counter> cacheAnswers = new EnumMap<>(CacheSource.class);
  private final Map<TooManyRequests.Scope, Counter> rateLimited =
      new EnumMap<>(TooManyRequests.Scope.class);

  /** Metrics that are all zero. */
  public PrometheusProxyEvents() {
    received = counter("proxy_received_total", "Requests taken from the broker");
    retries = counter("proxy_retries_total", "Requests sent to Discord again");
    lostReplies = counter("proxy_replies_lost_total", "Answers that nobody was there to receive");
    redeliveries =
        counter("proxy_redeliveries_total", "Requests taken over from instances that went away");
    expiredUnsent =
        counter("proxy_expired_unsent_total", "Requests that were too old to be sent at all");
    sendsPublished = sends("published");
    sendsDropped = sends("dropped");
    sendsFailed = sends("failed");
    eventsApplied = ingested("applied");
    eventsDropped = ingested("dropped");
    refused = failure("refused");
    deskAnswers = cacheAnswer(DESK);
    for (ResponseStatus status : ResponseStatus.values()) {
      if (status != ResponseStatus.SUCCESS) {
        failures.put(status, failure(lower(status.name())));
      }
    }
    for (TooManyRequests.Scope scope : TooManyRequests.Scope.values()) {
      rateLimited.put(scope, rateLimitedCounter(lower(scope.name())));
    }
    for (CacheSource source : CacheSource.values()) {
      cacheAnswers.put(source, cacheAnswer(lower(source.name())));
    }
    gauge("proxy_ratelimit_waiting", waiting, "Requests that wait for their turn now");
    gauge("proxy_in_flight", inFlight, "Requests that are with Discord now");
    gauge(
        "proxy_held_requests",
        heldRequests,
        "Requests held now: waiting, in flight or being answered");
    gauge("proxy_held_bytes", heldBytes, "Bytes of the requests held now");
    Gauge.builder("proxy_invalid_requests_window", () -> invalidNow.getAsLong())
        .description("Requests of this address that Discord counts as invalid now (401, 403, 429)")
        .register(registry);
    gauge("proxy_egress_blocked", egressBlocked, "1 while Cloudflare bans this address, else 0");
    gauge(
        "proxy_ratelimit_degraded",
        degraded,
        "1 while rate limits are not shared with other instances");
  }

  @Override
  public void requestReceived() {
    received.increment();
  }

  @Override
  public void answeredFrom(Route route, CacheSource source) {
    counterOf(cacheAnswers, source).increment();
  }

  @Override
  public void requestFinished(Route route, ProxyResponse response, Duration elapsed) {
    RouteMeters meters = routes.of(route);
    meters.finished(elapsed);
    switch (response) {
      case ProxyResponse.Failure failure -> counterOf(failures, failure.status()).increment();
      case ProxyResponse.Http http -> {
        if (http.code() >= FIRST_ERROR
            && http.headers().first(SOURCE).filter("proxy"::equals).isPresent()) {
          refused.increment();
        } else {
          meters.answered(http.code());
          if (isDesk(route.key()) && http.code() < FIRST_ERROR) {
            deskAnswers.increment();
          }
        }
      }
    }
  }

  @Override
  public void rateLimitWaiting(int change) {
    waiting.addAndGet(change);
  }

  @Override
  public void inFlight(int change) {
    inFlight.addAndGet(change);
  }

  @Override
  public void rateLimitWaited(Route route, Duration waited) {
    routes.of(route).waited(waited);
  }

  @Override
  public void rateLimited(Route route, TooManyRequests.Scope scope) {
    counterOf(rateLimited, scope).increment();
  }

  @Override
  public void retried(Route route) {
    retries.increment();
  }

  @Override
  public void replyLost() {
    lostReplies.increment();
  }

  @Override
  public void redelivered() {
    redeliveries.increment();
  }

  @Override
  public void expiredUnsent() {
    expiredUnsent.increment();
  }

  @Override
  public void sendPublished() {
    sendsPublished.increment();
  }

  @Override
  public void sendDropped() {
    sendsDropped.increment();
  }

  @Override
  public void sendFailed() {
    sendsFailed.increment();
  }

  @Override
  public void eventsIngested(int count) {
    eventsApplied.increment(count);
  }

  @Override
  public void eventDropped() {
    eventsDropped.increment();
  }

  @Override
  public void invalidRequests(long inWindow) {
    invalidRequests.set(inWindow);
  }

  @Override
  public void degraded(boolean alone) {
    degraded.set(alone ? 1 : 0);
  }

  @Override
  public void egressBlocked(boolean blocked) {
    egressBlocked.set(blocked ? 1 : 0);
  }

  @Override
  public void held(int requests, long bytes) {
    heldRequests.set(requests);
    heldBytes.set(bytes);
  }

  @Override
  public void close() {
    registry.close();
  }

  /** Looks there for the invalid requests, whose number falls while nothing happens. */
  void invalidRequests(LongSupplier now) {
    invalidNow = now;
  }

  /** Where further metrics belong. */
  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** The metrics, as a Prometheus reads them. */
  Page page() {
    return () -> new Page.Content(200, TEXT_FORMAT, Body.of(scrape()));
  }

  /** All metrics in Prometheus' text format, version 0.0.4. */
  String scrape() {
    return registry.scrape();
  }

  private static <K> Counter counterOf(Map<K, Counter> counters, K key) {
    return requireNonNull(counters.get(key), "every constant has a counter");
  }

  /** Whether it is one of those by which the proxy shows what it keeps. */
  private static boolean isDesk(RouteKey key) {
    return key.value().startsWith(DESK_PATHS, key.value().indexOf(' ') + 1);
  }

  private static PrometheusMeterRegistry exactlyNamed() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .namingConvention(new ProxyNamingConvention())
        // Of the JVM's, those whose names Prometheus does not approve of.
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"))
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    return registry;
  }

  private void gauge(String name, Number value, String description) {
    Gauge.builder(name, value, Number::doubleValue).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter failure(String reason) {
    return Counter.builder("proxy_failures_total")
        .description("Requests that the proxy answered itself, by why")
        .tags("reason", reason)
        .register(registry);
  }

  private Counter sends(String outcome) {
    return Counter.builder("proxy_gateway_sends_total")
        .description("Packets for the gateway, by what became of them")
        .tags("outcome", outcome)
        .register(registry);
  }

  private Counter ingested(String outcome) {
    return Counter.builder("proxy_gateway_events_total")
        .description("Events of the gateway, by what became of them")
        .tags("outcome", outcome)
        .register(registry);
  }

  private Counter cacheAnswer(String source) {
    return Counter.builder("proxy_cache_answers_total")
        .description("Answers to GET requests, by where they came from")
        .tags("source", source)
        .register(registry);
  }

  private Counter rateLimitedCounter(String scope) {
    return Counter.builder("proxy_rate_limited_total")
        .description("Answers of Discord with status 429, by whom they hold up")
        .tags("scope", scope)
        .register(registry);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
