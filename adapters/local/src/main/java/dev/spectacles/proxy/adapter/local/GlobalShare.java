package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import java.time.Duration;
import java.util.List;

/**
 * What one instance may take of a caller's global limit with the claims of one call. Not
 * thread-safe; times in microseconds.
 */
final class GlobalShare {
  private final GlobalLog log;
  private final long now;
  private final Waiters.Entry self;
  private final int reserved;
  private int left;
  private int refused;
  private boolean used;

  GlobalShare(GlobalLog log, String instance, List<Claim> claims, long call, long now) {
    this.log = log;
    this.now = now;
    Claim first = first(claims);
    this.self =
        new Waiters.Entry(
            instance, first.priority(), now - first.age().toNanos() / 1_000, now, 0, call);
    log.waiters().expire(now);
    int wanted = claims.stream().mapToInt(Claim::count).sum();
    int others = log.waiters().before(self).stream().mapToInt(Waiters.Entry::want).sum();
    int available = log.available(wanted + others, now);
    this.reserved = log.waiters().reserved(self, available);
    this.left = Math.max(0, available - reserved);
  }

  boolean isUsedUp() {
    return left == 0;
  }

  /** Takes so many, or as many as there are. */
  int take(int count) {
    used = true;
    int taken = Math.min(count, left);
    left -= taken;
    refused += count - taken;
    for (int i = 0; i < taken; i++) {
      log.sent(now);
    }
    return taken;
  }

  /** Why there is nothing left. */
  Hold hold() {
    long at = opensAt();
    return new Hold(
        Reach.TOKEN,
        duration(at - now),
        duration(Math.max(now, log.nextAt(0)) - now),
        log.limit(),
        duration(log.window()));
  }

  /** Notes whether this instance waits for more. */
  void end() {
    if (refused > 0) {
      log.waiters()
          .put(
              new Waiters.Entry(
                  self.instance(), self.priority(), self.since(), opensAt(), refused, self.call()));
    } else if (used) {
      log.waiters().remove(self.instance(), self.call());
    }
  }

  private long opensAt() {
    long next = log.nextAt(reserved);
    // What is there is left for those that come before, unless they do not come.
    long missed = log.waiters().missedAt(self).orElse(Long.MAX_VALUE);
    return next <= now ? missed : Math.min(next, missed);
  }

  /** The first in line of all. */
  private static Claim first(List<Claim> claims) {
    Claim first = claims.getFirst();
    for (Claim claim : claims) {
      int urgency = claim.priority().compareTo(first.priority());
      if (urgency < 0 || (urgency == 0 && claim.age().compareTo(first.age()) > 0)) {
        first = claim;
      }
    }
    return first;
  }

  private static Duration duration(long micros) {
    return Duration.ofNanos(Math.max(0, micros) * 1_000);
  }
}
