package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Count of what may happen all the time, as others can cause it at will, and is therefore told now
 * and then only. Not thread-safe.
 */
final class Tally {
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final Clock clock;
  private long untold;
  private long tellAt;

  Tally(Clock clock) {
    this.clock = clock;
    this.tellAt = clock.nanoTime();
  }

  /** It happened once more; returns how often since it was told, if it is to be told now. */
  OptionalLong happened() {
    untold++;
    if (clock.nanoTime() - tellAt < 0) {
      return OptionalLong.empty();
    }
    long count = untold;
    untold = 0;
    tellAt = clock.nanoTime() + BETWEEN.toNanos();
    return OptionalLong.of(count);
  }
}
