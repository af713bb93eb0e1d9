package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.BucketState;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import java.time.Duration;
import java.util.Optional;

/** State of one bucket and who waits for it. Not thread-safe; times in microseconds. */
final class Bucket {
  private BucketState state = BucketState.EMPTY;
  private final Waiters waiters = new Waiters();
  private int inFlight;

  int available(BucketProfile profile, long now) {
    return state.available(profile, now, inFlight);
  }

  /** When a request with so many before it can be sent, or never if that takes an answer. */
  long nextAt(BucketProfile profile, long now, int before) {
    return state.nextAt(profile, now, inFlight + before);
  }

  /** When a request can be sent at the earliest, whatever the answers in flight say. */
  long earliest(BucketProfile profile, long now) {
    return state.nextAt(profile, now, 0);
  }

  Waiters waiters() {
    return waiters;
  }

  void leased() {
    inFlight++;
  }

  void returned() {
    inFlight--;
  }

  void lost(BucketProfile profile, long now) {
    state = state.lost(profile, now, 1);
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

  BucketStatus status(BucketKey key, BucketProfile profile, long now) {
    long next = state.nextAt(profile, now, inFlight);
    return new BucketStatus(
        key,
        profile.model(),
        profile.limit(),
        state.level(profile, now),
        inFlight,
        next == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Duration.ofNanos((next - now) * 1_000)));
  }

  boolean isIdle(long since, long now) {
    waiters.expire(now);
    return inFlight == 0
        && waiters.isEmpty()
        && state.resetAt() < since
        && state.blockedUntil() < since;
  }
}
