package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;

/**
 * Time that a call usually takes: the shortest of the last 30 to 60 seconds, so that no stall of
 * this process is taken for distance. In nanoseconds.
 *
 * @param current shortest since {@code since}
 * @param previous shortest of the 30 seconds before
 */
public record UsualDelay(long current, long previous, long since) {
  /** Nothing measured yet. */
  public static final UsualDelay UNKNOWN =
      new UsualDelay(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final long EPOCH = Duration.ofSeconds(30).toNanos();

  /** After a call that took this long and was over at {@code at}. */
  public UsualDelay observe(long took, long at) {
    if (since == Long.MIN_VALUE || at - since > 2 * EPOCH) {
      return new UsualDelay(took, Long.MAX_VALUE, at);
    }
    return at - since > EPOCH
        ? new UsualDelay(took, current, at)
        : new UsualDelay(Math.min(current, took), previous, since);
  }

  /** The shortest; zero if nothing was measured. */
  public Duration get() {
    long shortest = Math.min(current, previous);
    return shortest == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(shortest);
  }
}
