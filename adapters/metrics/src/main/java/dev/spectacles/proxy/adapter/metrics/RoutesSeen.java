package dev.spectacles.proxy.adapter.metrics;

import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Meters of each route that was seen, so many of them as are told apart; all others are counted
 * together. Thread-safe.
 */
final class RoutesSeen {
  private static final String OTHER = "other";

  /** Methods that are told apart, the last one for both of those that share a bucket. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "RX");

  private static final int LONGEST = 150;

  private final MeterRegistry registry;
  private final int most;
  private final ConcurrentMap<RouteKey, RouteMeters> known = new ConcurrentHashMap<>();
  private final ReentrantLock newRoute = new ReentrantLock();
  private final RouteMeters others;

  /**
   * None seen yet.
   *
   * @param most number of routes that are told apart
   */
  RoutesSeen(MeterRegistry registry, int most) {
    this.registry = registry;
    this.most = most;
    this.others = new RouteMeters(registry, OTHER, OTHER);
  }

  RouteMeters of(Route route) {
    RouteMeters seen = known.get(route.key());
    return seen != null ? seen : add(route.key());
  }

  private RouteMeters add(RouteKey key) {
    if (!isOrdinary(key)) {
      return others;
    }
    if (known.size() >= most) {
      return known.getOrDefault(key, others);
    }
    newRoute.lock();
    try {
      // Others may have filled it while this one waited.
      return known.size() >= most
          ? known.getOrDefault(key, others)
          : known.computeIfAbsent(key, this::metersOf);
    } finally {
      newRoute.unlock();
    }
  }

  private RouteMeters metersOf(RouteKey key) {
    int space = key.value().indexOf(' ');
    return space < 0
        ? new RouteMeters(registry, "none", key.value())
        : new RouteMeters(
            registry, key.value().substring(0, space), key.value().substring(space + 1));
  }

  /** Whether it may be shown: callers make up methods, and paths of any length. */
  private static boolean isOrdinary(RouteKey key) {
    String value = key.value();
    int space = value.indexOf(' ');
    return value.length() <= LONGEST && (space < 0 || METHODS.contains(value.substring(0, space)));
  }
}
