package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Cloudflare's ban of this address: stops everything, then lets one request through at a time to
 * see whether it is over. Thread-safe. Times are microseconds of the store's clock.
 */
final class EgressBlock {
  private static final long SHORTEST = 1_000_000;
  private static final long LONGEST = Duration.ofHours(1).toNanos() / 1_000;
  private static final Duration ASK_AGAIN = Duration.ofMillis(250);

  /** A probe that never reports back must not stop everything for ever. */
  private static final long PROBE_TIME = 30_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private boolean banned;
  private long until;
  private int bans;
  private Optional<Long> probe = Optional.empty();

  /** What stands in the way of a request now. */
  Optional<Hold> hold(long now) {
    lock.lock();
    try {
      if (!banned || now >= until) {
        return Optional.empty();
      }
      if (probe.isPresent()) {
        return Optional.of(untilProbed());
      }
      Duration wait = Duration.ofNanos((until - now) * 1_000);
      return Optional.of(hold(wait, wait));
    } finally {
      lock.unlock();
    }
  }

  /** Whether a ban is on, so that a single request may go out at most, as its probe. */
  boolean isBanned() {
    lock.lock();
    try {
      return banned;
    } finally {
      lock.unlock();
    }
  }

  /** Why the requests beside a probe wait. */
  static Hold untilProbed() {
    return hold(ASK_AGAIN, Duration.ZERO);
  }

  /** A request was let through; during a ban it is the probe. */
  void granted(long lease, long now) {
    lock.lock();
    try {
      if (banned) {
        probe = Optional.of(lease);
        until = Math.max(until, now + PROBE_TIME);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request ended: starts a ban, ends one, or says nothing. */
  void released(long lease, Outcome outcome, long now) {
    lock.lock();
    try {
      boolean probing = probe.filter(id -> id == lease).isPresent();
      if (outcome instanceof Outcome.Answered answered) {
        Optional<TooManyRequests> ban =
            answered.limited().filter(limited -> limited.scope() == Scope.CLOUDFLARE);
        if (ban.isPresent()) {
          ban(ban.get().retryAfter(), probing, now);
        } else if (probing) {
          banned = false;
          bans = 0;
          probe = Optional.empty();
        }
      } else if (probing) {
        probe = Optional.empty();
        until = now;
      }
    } finally {
      lock.unlock();
    }
  }

  /** A ban that outlasts what it announced is announced twice as long the next time. */
  private void ban(Duration retryAfter, boolean probing, long now) {
    if (!banned || probing) {
      bans = Math.min(bans + 1, 12);
      long wait = Math.max(SHORTEST, retryAfter.toNanos() / 1_000) << (bans - 1);
      until = now + Math.min(LONGEST, wait);
      banned = true;
      probe = Optional.empty();
    }
  }

  private static Hold hold(Duration delay, Duration atLeast) {
    return new Hold(Reach.EGRESS, delay, atLeast, 0, Duration.ZERO);
  }
}
