package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UsualDelayTest {
  private static final long START = -5;
  private static final long SECOND = 1_000_000_000;

  @Test
  void nothingMeasured_isNoDelay() {
    assertThat(UsualDelay.UNKNOWN.get()).isZero();
  }

  @Test
  void delay_isTheShortest() {
    UsualDelay delay =
        UsualDelay.UNKNOWN.observe(20, START).observe(10, START + 1).observe(900, START + 2);
    assertThat(delay.get()).isEqualTo(Duration.ofNanos(10));
  }

  @Test
  void delayThatGrows_isBelievedAfterHalfAMinuteToAMinute() {
    UsualDelay delay = UsualDelay.UNKNOWN.observe(10, START);
    delay = delay.observe(200, START + 30 * SECOND).observe(200, START + 31 * SECOND);
    assertThat(delay.get()).isEqualTo(Duration.ofNanos(10));
    delay = delay.observe(200, START + 62 * SECOND);
    assertThat(delay.get()).isEqualTo(Duration.ofNanos(200));
  }

  @Test
  void measurementsOfLongAgo_areForgotten() {
    UsualDelay delay = UsualDelay.UNKNOWN.observe(10, START).observe(200, START + 61 * SECOND);
    assertThat(delay.get()).isEqualTo(Duration.ofNanos(200));
  }
}
