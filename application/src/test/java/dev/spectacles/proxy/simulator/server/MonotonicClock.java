package dev.spectacles.proxy.simulator.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The server's time: microseconds since it was made. */
final class MonotonicClock {
  private final long origin = System.nanoTime();

  long micros() {
    return (System.nanoTime() - origin) / 1_000;
  }

  /**
   * Waits until a time and returns when it really is. Parking rather than sleeping keeps delays of
   * a few milliseconds exact.
   */
  long waitUntil(long micros) throws InterruptedException {
    var now = micros();
    for (; now < micros; now = micros()) {
      LockSupport.parkNanos(this, (micros - now) * 1_000);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return now;
  }

  void wait(Duration time) throws InterruptedException {
    waitUntil(micros() + time.toNanos() / 1_000);
  }
}
