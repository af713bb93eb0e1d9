package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.time.Instant;

/** Time: wall clock for what leaves the process, monotonic clock for durations, and sleep. */
public interface Clock {
  /** Wall-clock time; may jump. */
  Instant wallTime();

  /** Reading of the monotonic clock, in nanoseconds since an arbitrary moment. */
  long nanoTime();

  /** Waits this long; returns at once for a duration that is not positive. */
  void sleep(Duration duration) throws InterruptedException;
}
