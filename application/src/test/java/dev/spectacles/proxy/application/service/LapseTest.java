package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LapseTest {
  private final ManualClock clock = new ManualClock();
  private final Lapse lapse = new Lapse(clock);

  @Test
  void beginning_andEnd_areToldOnce() {
    assertThat(lapse.worked(lapse.attempt())).as("nothing is over yet").isFalse();
    assertThat(lapse.failed()).isTrue();
    assertThat(lapse.failed()).isFalse();
    assertThat(lapse.worked(lapse.attempt())).isTrue();
    assertThat(lapse.worked(lapse.attempt())).isFalse();
  }

  @Test
  void attemptFromBefore_endsNothing() {
    long before = lapse.attempt();
    assertThat(lapse.failed()).isTrue();

    assertThat(lapse.worked(before)).isFalse();
    assertThat(lapse.worked(lapse.attempt())).isTrue();
  }

  @Test
  void nextLapse_isToldAfterAMinute_andItsEndOnlyIfItWas() {
    assertThat(lapse.failed()).isTrue();
    assertThat(lapse.worked(lapse.attempt())).isTrue();

    assertThat(lapse.failed()).isFalse();
    assertThat(lapse.worked(lapse.attempt())).isFalse();

    assertThat(lapse.failed()).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(lapse.failed()).isTrue();
    assertThat(lapse.worked(lapse.attempt())).isTrue();
  }
}
