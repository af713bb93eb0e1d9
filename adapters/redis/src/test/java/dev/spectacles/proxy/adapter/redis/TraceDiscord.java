package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Discord as a trace meets it: mostly sane, with rounded headers, and now and then not at all. */
final class TraceDiscord {
  private static final long SKEW = -7_123_456;
  private static final List<String> HASHES = List.of("a", "b", "c", "d");

  private static final class Limit {
    int requests;
    long window;
    boolean sliding;
  }

  private static final class Counter {
    double used;
    long at;
    long reset;
  }

  private record CounterKey(String hash, MajorParameter major) {}

  private final SplittableRandom random;
  private final boolean refusesCredentials;
  private final Map<String, Limit> limits = new HashMap<>();
  private final Map<RouteKey, String> hashes = new HashMap<>();
  private final Map<CounterKey, Counter> counters = new HashMap<>();

  TraceDiscord(SplittableRandom random, boolean refusesCredentials) {
    this.random = random;
    this.refusesCredentials = refusesCredentials;
  }

  /** Changes a limit, or the hash of a route. */
  void change() {
    if (random.nextInt(3) > 0 || hashes.isEmpty()) {
      draw(limits.computeIfAbsent(anyHash(), any -> new Limit()));
    } else {
      List<RouteKey> routes = hashes.keySet().stream().sorted(this::byName).toList();
      hashes.put(routes.get(random.nextInt(routes.size())), anyHash());
    }
  }

  private int byName(RouteKey a, RouteKey b) {
    return a.value().compareTo(b.value());
  }

  /** Answer to a request that arrives at this time of ours. */
  Outcome answer(Route route, long micros) {
    int chance = random.nextInt(1_000);
    if (chance < 50) {
      return new Outcome.NotSent();
    }
    if (chance < 80) {
      return new Outcome.Unknown();
    }
    if (chance < 95) {
      return answered(429, Optional.empty(), Scope.GLOBAL);
    }
    if (chance < 100) {
      return answered(429, Optional.empty(), Scope.CLOUDFLARE);
    }
    if (chance < 130 || route.key().value().endsWith("free")) {
      return answered(chance % 2 == 0 ? 200 : 500, Optional.empty());
    }
    if (chance < 150 && refusesCredentials && route.isAuthorisedByCaller()) {
      return new Outcome.Answered(401, Optional.empty(), Optional.empty(), true);
    }
    String hash = hashes.computeIfAbsent(route.key(), any -> anyHash());
    boolean foreign = chance > 970;
    return counted(foreign ? anyHash() : hash, route.major(), foreign ? 404 : 200, micros);
  }

  private Outcome counted(String hash, MajorParameter major, int status, long micros) {
    Limit limit = limits.computeIfAbsent(hash, any -> draw(new Limit()));
    Counter counter = counters.computeIfAbsent(new CounterKey(hash, major), any -> new Counter());
    leak(counter, limit, micros);
    boolean full = counter.used > limit.requests - 1;
    if (!full) {
      counter.used++;
      counter.at = micros;
      if (limit.sliding) {
        counter.reset = micros + (long) (counter.used * limit.window / limit.requests);
      } else if (counter.used == 1) {
        counter.reset = micros + limit.window;
      }
    }
    RateLimitHeaders headers = headers(hash, limit, counter, micros);
    if (full) {
      return answered(429, Optional.of(headers), Scope.USER);
    }
    return switch (random.nextInt(60)) {
      case 0 -> answered(429, Optional.of(headers), Scope.SHARED);
      case 1 -> answered(429, Optional.of(headers), Scope.SUBLIMIT);
      case 2 -> answered(429, Optional.of(headers), Scope.USER);
      default -> answered(status, Optional.of(headers));
    };
  }

  private static void leak(Counter counter, Limit limit, long micros) {
    if (micros >= counter.reset) {
      counter.used = 0;
    } else if (limit.sliding) {
      double token = (double) limit.window / limit.requests;
      counter.used = Math.max(0, counter.used - (micros - counter.at) / token);
      counter.at = micros;
    }
  }

  private RateLimitHeaders headers(String hash, Limit limit, Counter counter, long micros) {
    int remaining = Math.max(0, limit.requests - (int) Math.ceil(counter.used));
    int rounding = random.nextInt(1_000);
    long resetAfter = (Math.max(0, counter.reset - micros) + rounding) / 1_000;
    long reset = (counter.reset + SKEW + random.nextInt(1_000)) / 1_000;
    return new RateLimitHeaders(new BucketHash(hash), limit.requests, remaining, reset, resetAfter);
  }

  private Limit draw(Limit limit) {
    limit.requests = random.nextInt(1, 12);
    limit.window = random.nextLong(150_000, 4_000_000);
    limit.sliding = random.nextBoolean();
    return limit;
  }

  private String anyHash() {
    return HASHES.get(random.nextInt(HASHES.size()));
  }

  private static Outcome answered(int status, Optional<RateLimitHeaders> headers) {
    return new Outcome.Answered(status, headers, Optional.empty());
  }

  private Outcome answered(int status, Optional<RateLimitHeaders> headers, Scope scope) {
    var wait = Duration.ofMillis(random.nextLong(20, 900));
    return new Outcome.Answered(status, headers, Optional.of(new TooManyRequests(scope, wait)));
  }
}
