package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clock that stands still until it is moved; sleeping moves it.
 *
 * <p>Its wall clock and its monotonic clock start at unrelated values, so code that mixes them up
 * fails. Thread-safe.
 */
public final class ManualClock implements Clock {
  private static final Instant WALL_START = Instant.parse("2031-05-17T09:30:00Z");
  // Close below the overflow: comparing readings with < instead of by difference fails.
  private static final long MONOTONIC_START = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong wallJump = new AtomicLong();

  @Override
  public Instant wallTime() {
    return WALL_START.plusNanos(passed.get() + wallJump.get());
  }

  @Override
  public long nanoTime() {
    return MONOTONIC_START + passed.get();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before sleeping");
    }
    if (duration.isPositive()) {
      advance(duration);
    }
  }

  /** Lets time pass on both clocks. */
  public void advance(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  /** Sets the wall clock forward or back, as an administrator would. */
  public void jumpWallTime(Duration by) {
    wallJump.addAndGet(by.toNanos());
  }
}
