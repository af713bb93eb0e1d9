package dev.spectacles.proxy.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateCounterTest {
  private static final long MS = 1_000;
  private static final long S = 1_000_000;

  @Test
  void fixed_firstArrival_anchorsWindow() {
    var counter = RateCounter.of(Rate.fixed(2, Duration.ofSeconds(1)), 0);
    counter.count(700 * MS);
    counter.count(900 * MS);

    assertThat(counter.hasRoom(1_699 * MS)).isFalse();
    assertThat(counter.retryAfter(1_200 * MS)).isEqualTo(500 * MS);
    assertThat(counter.hasRoom(1_700 * MS)).isTrue();
    assertThat(counter.remaining(1_700 * MS)).isEqualTo(2);
  }

  @Test
  void fixed_limitOfOneIn250ms_opensOncePerWindow() {
    var counter = RateCounter.of(Rate.fixed(1, Duration.ofMillis(250)), 0);
    counter.count(0);

    assertThat(counter.retryAfter(249 * MS)).isEqualTo(MS);
    assertThat(counter.hasRoom(250 * MS)).isTrue();
  }

  @Test
  void sliding_full_winsBackOneRequestPerT() {
    var counter = RateCounter.of(Rate.sliding(5, Duration.ofSeconds(5)), 0);
    for (int i = 0; i < 5; i++) {
      counter.count(0);
    }

    assertThat(counter.resetAfter(0)).isEqualTo(5 * S);
    assertThat(counter.retryAfter(0)).isEqualTo(S);
    assertThat(counter.hasRoom(S)).isTrue();
    assertThat(counter.hasRoom(S - 1 * MS)).isFalse();
    assertThat(counter.remaining(2_500 * MS)).isEqualTo(2);
  }

  @Test
  void sliding_spanOfT_acceptsLimitPlusElapsed() {
    var counter = RateCounter.of(Rate.sliding(30, Duration.ofSeconds(3)), 0);
    var accepted = 0;
    for (long now = 0; now <= 10 * S; now += MS) {
      if (counter.hasRoom(now)) {
        counter.count(now);
        accepted++;
      }
    }

    assertThat(accepted).isEqualTo(30 + 100);
  }

  @Test
  void aligned_secondBoundary_opensWhateverWasUsed() {
    var counter = RateCounter.of(new Rate(1, Duration.ofSeconds(1), RateModel.ALIGNED), 300 * MS);
    counter.count(650 * MS);

    assertThat(counter.hasRoom(699 * MS)).isFalse();
    assertThat(counter.retryAfter(699 * MS)).isEqualTo(MS);
    assertThat(counter.hasRoom(700 * MS)).isTrue();
  }

  @Test
  void log_anyWindow_holdsAtMostLimit() {
    var counter = RateCounter.of(new Rate(2, Duration.ofSeconds(1), RateModel.LOG), 0);
    counter.count(0);
    counter.count(900 * MS);

    assertThat(counter.retryAfter(950 * MS)).isEqualTo(50 * MS);
    assertThat(counter.hasRoom(S)).isTrue();
    counter.count(S);
    assertThat(counter.retryAfter(S)).isEqualTo(900 * MS);
  }

  @Test
  void fixed_limitShrinksInWindow_keepsWhatWasUsed() {
    var rate = Rate.fixed(10, Duration.ofSeconds(1));
    var counter = RateCounter.of(rate, 0);
    for (int i = 0; i < 6; i++) {
      counter.count(0);
    }

    var shrunk = counter.changedTo(rate.withLimit(5), 100 * MS);

    assertThat(shrunk.remaining(100 * MS)).isZero();
    assertThat(shrunk.retryAfter(100 * MS)).isEqualTo(900 * MS);
    assertThat(shrunk.changedTo(rate.withLimit(20), 200 * MS).remaining(200 * MS)).isEqualTo(14);
  }

  @Test
  void fixed_windowChanges_keepsItsStart() {
    var rate = Rate.fixed(1, Duration.ofSeconds(1));
    var counter = RateCounter.of(rate, 0);
    counter.count(100 * MS);

    var longer = counter.changedTo(rate.withWindow(Duration.ofSeconds(2)), 500 * MS);

    assertThat(longer.resetAfter(500 * MS)).isEqualTo(1_600 * MS);
  }

  @Test
  void fixed_becomesSliding_keepsWhatWasUsed() {
    var rate = Rate.fixed(5, Duration.ofSeconds(5));
    var counter = RateCounter.of(rate, 0);
    counter.count(0);
    counter.count(0);

    var sliding = counter.changedTo(rate.withModel(RateModel.SLIDING), S);

    assertThat(sliding.used(S)).isEqualTo(2);
    assertThat(sliding.used(2 * S)).isEqualTo(1);
    assertThat(sliding.changedTo(rate, 2 * S).used(2 * S)).isEqualTo(1);
  }

  @Test
  void sliding_limitShrinks_keepsLevel() {
    var rate = Rate.sliding(10, Duration.ofSeconds(10));
    var counter = RateCounter.of(rate, 0);
    for (int i = 0; i < 8; i++) {
      counter.count(0);
    }

    var shrunk = counter.changedTo(rate.withLimit(5), 0);

    assertThat(shrunk.remaining(0)).isZero();
    assertThat(shrunk.retryAfter(0)).isEqualTo(8 * S);
  }
}
