package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clock that stands still until a test moves it; its two readings start at unrelated values, so
 * that mixing them up shows.
 */
public final class ManualClock implements Clock {
  private static final long START_NANOS = 7_000_000_000_000L;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong passed = new AtomicLong();

  @Override
  public Instant wallTime() {
    return START.plusNanos(passed.get());
  }

  @Override
  public long nanoTime() {
    return START_NANOS + passed.get();
  }

  /** Moves the clock instead of waiting. */
  @Override
  public void sleep(Duration duration) {
    if (duration.isPositive()) {
      advance(duration);
    }
  }

  /** Lets this much time pass. */
  public void advance(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  /** Lets time pass until the monotonic clock reads this; never goes back. */
  public void advanceTo(long nanoTime) {
    passed.accumulateAndGet(nanoTime - START_NANOS, Math::max);
  }
}
