package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.GlobalLimit;
import java.util.Arrays;

/**
 * When the last requests of one caller were sent, and who waits for more. Not thread-safe; times in
 * microseconds.
 */
final class GlobalLog {
  private static final long FORGIVE_AFTER = 600_000_000;
  private static final long IDLE_AFTER = 5_000_000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Waiters waiters = new Waiters();

  /** A ring: the entry at {@link #next} is the oldest. */
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

  Waiters waiters() {
    return waiters;
  }

  int limit() {
    return limit.limit();
  }

  /** Length of the window that the limit counts in. */
  long window() {
    return limit.nextAt(0);
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

  /** Requests that may be sent now, counted up to so many. */
  int available(int most, long now) {
    forgive(now);
    int available = 0;
    while (available < Math.min(most, sent.length) && nextAt(available) <= now) {
      available++;
    }
    return available;
  }

  /** When a request with so many before it may be sent. */
  long nextAt(int before) {
    return before < sent.length ? Math.max(blockedUntil, limit.nextAt(at(before))) : Long.MAX_VALUE;
  }

  /** Notes a request as sent now. */
  void sent(long now) {
    sent[next] = now;
    next = (next + 1) % sent.length;
  }

  /**
   * A request noted at one time was sent at a later one.
   *
   * <p>Its own entry moves, not just any: after a stall a whole batch is late, and each of them
   * must count from then on. The oldest entry gives way if that of the request is gone.
   */
  void move(long notedAt, long sentAt) {
    int place = 0;
    boolean found = false;
    for (int i = 0; i < sent.length; i++) {
      if (at(i) == notedAt) {
        place = i;
        found = true;
      }
    }
    if (!found && sentAt < at(0)) {
      return;
    }
    while (place + 1 < sent.length && at(place + 1) <= sentAt) {
      set(place, at(place + 1));
      place++;
    }
    set(place, sentAt);
  }

  private void set(int index, long time) {
    sent[(next + index) % sent.length] = time;
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
    waiters.expire(now);
    long newest = sent[(next + sent.length - 1) % sent.length];
    return waiters.isEmpty() && now > blockedUntil && now - newest > IDLE_AFTER;
  }

  private void forgive(long now) {
    if (limit.margin() > GlobalLimit.MARGIN && now - lastRefused > FORGIVE_AFTER) {
      limit = limit.narrowed();
      lastRefused = now;
    }
  }
}
