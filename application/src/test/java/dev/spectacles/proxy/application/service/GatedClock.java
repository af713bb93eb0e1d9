package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/** Clock whose sleepers wake up when the test lets them. */
final class GatedClock implements Clock {
  private final Clock clock;
  private final Semaphore awake = new Semaphore(0);

  GatedClock(Clock clock) {
    this.clock = clock;
  }

  /** Lets sleepers wake up so many times. */
  void wake(int times) {
    awake.release(times);
  }

  @Override
  public Instant wallTime() {
    return clock.wallTime();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    awake.acquire();
  }
}
