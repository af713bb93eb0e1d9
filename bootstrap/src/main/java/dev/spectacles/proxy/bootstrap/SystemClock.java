package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.time.Instant;

/** Clock of the machine. */
final class SystemClock implements Clock {
  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (duration.isPositive()) {
      Thread.sleep(duration);
    }
  }
}
