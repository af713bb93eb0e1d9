package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.GlobalLimit;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** When the last requests of one caller were sent. Not thread-safe; times in microseconds. */
final class GlobalLog {
  private static final long FORGIVE_AFTER = 600_000_000;
  private static final long IDLE_AFTER = 5_000_000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private long[] sent;
  private int next;
  private GlobalLimit limit;
  private long blockedUntil = NEVER;
  private long lastRefused = NEVER;

  GlobalLog(int limit) {
    this.limit = new GlobalLimit(limit, GlobalLimit.MARGIN);
    this.sent = new long[limit];
    Arrays.fill(sent, NEVER);
  }

  /** Discord permits more, or less, from now on. */
  void limit(int newLimit) {
    if (newLimit == limit.limit()) {
      return;
    }
    long[] kept = new long[newLimit];
    Arrays.fill(kept, NEVER);
    for (int i = 1; i <= Math.min(newLimit, sent.length); i++) {
      kept[newLimit - i] = at(sent.length - i);
    }
    sent = kept;
    next = 0;
    limit = new GlobalLimit(newLimit, limit.margin());
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

  /**
   * A request noted at that time is sent only now.
   *
   * <p>Its own entry moves, not just any: after a stall a whole batch is stamped anew, and each of
   * them must count from then on. The oldest entry gives way if that of the request is gone.
   */
  void restamp(long notedAt, long now) {
    int moved = 0;
    for (int i = 0; i < sent.length; i++) {
      if (at(i) == notedAt) {
        moved = i;
      }
    }
    for (int i = moved; i < sent.length - 1; i++) {
      sent[(next + i) % sent.length] = at(i + 1);
    }
    sent[(next + sent.length - 1) % sent.length] = now;
  }

  /** Entry at this index, the oldest first. */
  private long at(int index) {
    return sent[(next + index) % sent.length];
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
