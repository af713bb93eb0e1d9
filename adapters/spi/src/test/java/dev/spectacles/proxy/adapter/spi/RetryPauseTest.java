package dev.spectacles.proxy.adapter.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryPauseTest {
  private final ManualClock clock = new ManualClock();
  private final RetryPause pause =
      new RetryPause(clock, Duration.ofMillis(100), Duration.ofMillis(300));

  @Test
  void sleep_growsUpToItsBound() throws Exception {
    assertThat(slept()).isBetween(50L, 100L);
    assertThat(slept()).isBetween(100L, 200L);
    assertThat(slept()).isBetween(150L, 300L);
    assertThat(slept()).isBetween(150L, 300L);
  }

  @Test
  void reset_beginsAnew() throws Exception {
    slept();
    slept();
    pause.reset();

    assertThat(slept()).isBetween(50L, 100L);
  }

  private long slept() throws InterruptedException {
    long before = clock.nanoTime();
    pause.sleep();
    return Duration.ofNanos(clock.nanoTime() - before).toMillis();
  }
}
