package dev.spectacles.proxy.domain.request;

import java.time.Duration;
import java.util.Optional;

/**
 * Moment of the monotonic clock by which a request has to be answered, or none.
 *
 * @param nanos reading of the clock at which it passes; empty for no deadline
 */
public record Deadline(Optional<Long> nanos) {
  /** Longer ones would overflow the clock, and nobody lives to see them pass. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private static final Deadline NONE = new Deadline(Optional.empty());

  /** A deadline that never passes. */
  public static Deadline none() {
    return NONE;
  }

  /** Deadline that passes this long after the reading of the clock. */
  public static Deadline after(Duration timeout, long nowNanos) {
    Duration bounded = timeout.isNegative() ? Duration.ZERO : timeout;
    bounded = bounded.compareTo(LONGEST) > 0 ? LONGEST : bounded;
    return new Deadline(Optional.of(nowNanos + bounded.toNanos()));
  }

  /** The one of the two that passes first. */
  public Deadline earlier(Deadline other) {
    if (nanos.isEmpty()) {
      return other;
    }
    return other.nanos.isEmpty() || nanos.get() - other.nanos.get() <= 0 ? this : other;
  }

  /** Whether it has passed. */
  public boolean hasPassed(long nowNanos) {
    return nanos.isPresent() && nanos.get() - nowNanos <= 0;
  }

  /** Time left, never negative; empty for no deadline. */
  public Optional<Duration> remaining(long nowNanos) {
    return nanos.map(at -> Duration.ofNanos(Math.max(0, at - nowNanos)));
  }

  /** Whether this much time is left. */
  public boolean allows(Duration wait, long nowNanos) {
    return nanos.isEmpty() || Duration.ofNanos(nanos.get() - nowNanos).compareTo(wait) > 0;
  }
}
