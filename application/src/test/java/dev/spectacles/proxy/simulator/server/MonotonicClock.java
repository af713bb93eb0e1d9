package dev.spectacles.proxy.simulator.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The server's time: microseconds since it was made. */
final class MonotonicClock {
  private final long origin = System.nanoTime();

  long micros() {
    return (System.nanoTime() - origin) / 1_000;
  }

  /** Waits until a time. Parking rather than sleeping keeps delays of a few milliseconds exact. */
  void waitUntil(long micros) throws InterruptedException {
    for (var left = micros - micros(); left > 0; left = micros - micros()) {
      LockSupport.parkNanos(this, left * 1_000);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  void wait(Duration time) throws InterruptedException {
    waitUntil(micros() + time.toNanos() / 1_000);
  }
}
