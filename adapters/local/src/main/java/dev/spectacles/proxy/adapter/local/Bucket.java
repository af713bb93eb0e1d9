package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.BucketState;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** State of one bucket and the leases taken from it. Not thread-safe; times in microseconds. */
final class Bucket {
  private BucketState state = BucketState.EMPTY;

  private record Out(RouteKey route, long grantedAt, long expiry) {}

  /** By lease id, the first to expire first. */
  private final Map<Long, Out> leases = new LinkedHashMap<>();

  void expireLeases(BucketProfile profile, long now) {
    int expired = 0;
    var out = leases.values().iterator();
    while (out.hasNext() && out.next().expiry() <= now) {
      out.remove();
      expired++;
    }
    if (expired > 0) {
      state = state.lost(profile, now, expired);
    }
  }

  int available(BucketProfile profile, long now) {
    return state.available(profile, now, leases.size());
  }

  void lease(long id, RouteKey route, long now, long expiry) {
    leases.put(id, new Out(route, now, expiry));
  }

  /** Hands the leases of a route over to the bucket that turned out to govern it. */
  void moveLeases(RouteKey route, Bucket to) {
    leases.forEach(
        (id, out) -> {
          if (out.route().equals(route)) {
            to.leases.put(id, out);
          }
        });
    leases.values().removeIf(out -> out.route().equals(route));
  }

  boolean holds(long id) {
    return leases.containsKey(id);
  }

  boolean renew(long id, long expiry) {
    Out before = leases.remove(id);
    if (before == null) {
      return false;
    }
    leases.put(id, new Out(before.route(), before.grantedAt(), expiry));
    return true;
  }

  /** When a lease that is still held was granted. */
  Optional<Long> grantedAt(long id) {
    return Optional.ofNullable(leases.get(id)).map(Out::grantedAt);
  }

  boolean release(long id) {
    return leases.remove(id) != null;
  }

  void lost(BucketProfile profile, long now, int requests) {
    state = state.lost(profile, now, requests);
  }

  void block(long until) {
    state = state.blocked(until);
  }

  BucketProfile answered(
      BucketProfile profile, RateLimitHeaders headers, long countedAt, boolean refused) {
    BucketState.Learned learned = state.answered(profile, headers, countedAt, refused);
    state = learned.state();
    return learned.profile();
  }

  /** Why no more can be sent now; no delay at all if more can. */
  Hold hold(BucketProfile profile, long now) {
    long next = state.nextAt(profile, now, leases.size());
    if (next == Long.MAX_VALUE) {
      next = leases.values().iterator().next().expiry();
    }
    long atLeast = Math.min(next, state.nextAt(profile, now, 0));
    return new Hold(
        Reach.BUCKET,
        duration(next - now),
        duration(atLeast - now),
        profile.limit(),
        duration(profile.window()));
  }

  BucketStatus status(BucketKey key, BucketProfile profile, long now) {
    return new BucketStatus(
        key,
        profile.model(),
        profile.limit(),
        state.level(profile, now),
        leases.size(),
        hold(profile, now).delay());
  }

  boolean isIdle(long since) {
    return leases.isEmpty() && state.resetAt() < since && state.blockedUntil() < since;
  }

  private static Duration duration(long micros) {
    return Duration.ofNanos(Math.max(0, micros) * 1_000);
  }
}
