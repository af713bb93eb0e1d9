package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.GlobalLimit;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import java.time.Duration;
import java.util.Optional;

/** When the last requests of one caller were sent. Not thread-safe; times in microseconds. */
final class GlobalLog {
  private static final long FORGIVE_AFTER = 600_000_000;
  private static final long IDLE_AFTER = 5_000_000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final long[] sent;
  private int next;
  private GlobalLimit limit;
  private long blockedUntil = NEVER;
  private long lastRefused = NEVER;

  GlobalLog(int limit) {
    this.limit = new GlobalLimit(limit, GlobalLimit.MARGIN);
    this.sent = new long[limit];
    java.util.Arrays.fill(sent, NEVER);
  }

  /** Notes a request as sent now, or says why it must not be. */
  Optional<Hold> take(long now) {
    forgive(now);
    // The oldest entry is the one that the next overwrites: the limit-th last request.
    long at = Math.max(blockedUntil, limit.nextAt(sent[next]));
    if (at > now) {
      var wait = Duration.ofNanos((at - now) * 1_000);
      var window = Duration.ofNanos(limit.nextAt(0) * 1_000);
      return Optional.of(new Hold(Reach.TOKEN, wait, wait, limit.limit(), window));
    }
    sent[next] = now;
    next = (next + 1) % sent.length;
    return Optional.empty();
  }

  /** One of the requests noted is sent only now: the newest entry stands in for it. */
  void restamp(long now) {
    sent[(next + sent.length - 1) % sent.length] = now;
  }

  void refused(long until, long now) {
    blockedUntil = Math.max(blockedUntil, until);
    lastRefused = now;
    limit = limit.widened();
  }

  boolean isIdle(long now) {
    long newest = sent[(next + sent.length - 1) % sent.length];
    return now > blockedUntil && now - newest > IDLE_AFTER;
  }

  private void forgive(long now) {
    if (limit.margin() > GlobalLimit.MARGIN && now - lastRefused > FORGIVE_AFTER) {
      limit = limit.narrowed();
      lastRefused = now;
    }
  }
}
