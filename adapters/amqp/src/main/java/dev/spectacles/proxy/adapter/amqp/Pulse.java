package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Signs of life of a connection. A process that stood still for long finds its connection alive for
 * a moment, although the broker gave it up and handed its requests to others. Thread-safe.
 */
final class Pulse {
  /** Until the heartbeat is agreed on, nothing is held yet. */
  private static final long UNBOUNDED = Long.MAX_VALUE;

  private final Clock clock;
  private final AtomicLong limit = new AtomicLong(UNBOUNDED);
  private final AtomicLong lastAt;

  Pulse(Clock clock) {
    this.clock = clock;
    this.lastAt = new AtomicLong(clock.nanoTime());
  }

  /**
   * Sets how often each side gives a sign; zero for never. The broker gives a connection up after
   * twice as long without one, so this side has to do so sooner.
   */
  void agreed(Duration heartbeat) {
    limit.set(heartbeat.isZero() ? UNBOUNDED : heartbeat.multipliedBy(3).dividedBy(2).toNanos());
  }

  /** A sign came; says whether it came in time. */
  boolean beat() {
    long now = clock.nanoTime();
    return now - lastAt.getAndSet(now) <= limit.get();
  }

  /** Whether the last sign is not too long ago. */
  boolean isFresh() {
    return clock.nanoTime() - lastAt.get() <= limit.get();
  }
}
