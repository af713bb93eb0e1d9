package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.time.Instant;

/** The machine's clocks, for tests against real servers. */
public final class RealClock implements Clock {
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
