package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was forbidden (403) a moment ago, and will be again; the longest ago are forgotten first.
 * Not thread-safe; times in microseconds.
 */
final class Offenders {
  private static final int MOST = 10_000;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos() / 1_000;

  private record Offence(TokenId token, RouteKey route, MajorParameter major) {}

  private final Map<Offence, Long> lastAt =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Offence, Long> eldest) {
          return size() > MOST;
        }
      };

  void forbidden(TokenId token, Route route, long now) {
    var offence = new Offence(token, route.key(), route.major());
    lastAt.remove(offence);
    lastAt.put(offence, now);
  }

  boolean contains(TokenId token, Route route, long now) {
    Long last = lastAt.get(new Offence(token, route.key(), route.major()));
    return last != null && now - last < MINUTE;
  }

  int size() {
    return lastAt.size();
  }
}
