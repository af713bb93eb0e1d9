package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.BucketState;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** State of one bucket and the leases taken from it. Not thread-safe; times in microseconds. */
final class Bucket {
  private BucketState state = BucketState.EMPTY;

  /** Expiry by lease id, the first to expire first. */
  private final Map<Long, Long> leases = new LinkedHashMap<>();

  void expireLeases(BucketProfile profile, long now) {
    int expired = 0;
    var expiries = leases.values().iterator();
    while (expiries.hasNext() && expiries.next() <= now) {
      expiries.remove();
      expired++;
    }
    if (expired > 0) {
      state = state.lost(profile, now, expired);
    }
  }

  int available(BucketProfile profile, long now) {
    return state.available(profile, now, leases.size());
  }

  void lease(long id, long expiry) {
    leases.put(id, expiry);
  }

  boolean renew(long id, long expiry) {
    if (leases.remove(id) == null) {
      return false;
    }
    leases.put(id, expiry);
    return true;
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
      next = leases.values().iterator().next();
    }
    long atLeast = Math.min(next, state.nextAt(profile, now, 0));
    return new Hold(
        Reach.BUCKET,
        duration(next - now),
        duration(atLeast - now),
        profile.limit(),
        duration(profile.window()));
  }

  boolean isIdle(long since) {
    return leases.isEmpty() && state.resetAt() < since && state.blockedUntil() < since;
  }

  private static Duration duration(long micros) {
    return Duration.ofNanos(Math.max(0, micros) * 1_000);
  }
}
