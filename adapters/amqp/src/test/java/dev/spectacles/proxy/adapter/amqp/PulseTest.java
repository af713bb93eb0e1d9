package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PulseTest {
  private final ManualClock clock = new ManualClock();
  private final Pulse pulse = new Pulse(clock);

  @Test
  void isFresh_signsInTime_stays() {
    pulse.agreed(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(15));

    assertThat(pulse.isFresh()).isTrue();
    assertThat(pulse.beat()).isTrue();
  }

  @Test
  void beat_afterStandingStill_isTooLate() {
    pulse.agreed(Duration.ofSeconds(10));
    clock.advance(Duration.ofMillis(15_001));

    assertThat(pulse.isFresh()).isFalse();
    assertThat(pulse.beat()).isFalse();
  }

  @Test
  void isFresh_noHeartbeat_isAlways() {
    pulse.agreed(Duration.ZERO);
    clock.advance(Duration.ofDays(1));

    assertThat(pulse.isFresh()).isTrue();
    assertThat(pulse.beat()).isTrue();
  }
}
