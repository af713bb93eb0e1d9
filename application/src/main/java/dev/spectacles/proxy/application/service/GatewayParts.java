package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all answers from what the gateway told have in common. Thread-safe.
 *
 * @param lag how far behind what is kept is
 * @param urls full URL of a request
 */
record GatewayParts(
    KeptEntities entities,
    FeedingBot bot,
    RecentWrites writes,
    GatewaySettings settings,
    Supplier<Duration> lag,
    Function<ProxyRequest, String> urls,
    CacheCounters counters,
    ProxyEvents events,
    Clock clock) {
  /** What is longer counts as this, as does what was never told. */
  private static final Duration LONGEST_LAG = Duration.ofDays(3650);

  /** Whether what is kept is too far behind. */
  boolean isLagging() {
    return lag.get().compareTo(settings.maxLag()) > 0;
  }

  /** How far behind what is kept is, in milliseconds. */
  long lagMillis() {
    Duration now = lag.get();
    return now.compareTo(LONGEST_LAG) > 0 ? LONGEST_LAG.toMillis() : now.toMillis();
  }

  /** Time since something was told; in whole seconds, as the header has it. */
  Duration age(long eventMillis) {
    long millis = clock.wallTime().toEpochMilli() - eventMillis;
    return Duration.ofSeconds(Math.max(0, millis) / 1000);
  }

  String url(ProxyRequest request) {
    return urls.apply(request);
  }

  void answered(Route route, CacheSource source) {
    counters.count(source);
    events.answeredFrom(route, source);
  }
}
