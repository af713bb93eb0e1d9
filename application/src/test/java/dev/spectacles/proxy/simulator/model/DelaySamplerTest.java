package dev.spectacles.proxy.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.DelaySpec;
import dev.spectacles.proxy.simulator.scenario.Delays;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DelaySamplerTest {
  private static final DelaySpec NONE = DelaySpec.none();

  private static LongStream forward(DelaySpec spec, long seed) {
    var sampler = new DelaySampler(new Delays(spec, NONE, NONE), seed);
    return LongStream.range(0, 2_000).map(i -> sampler.next().forwardMicros());
  }

  @Test
  void uniform_staysWithinItsBounds() {
    var spec = DelaySpec.uniform(Duration.ofMillis(8), Duration.ofMillis(25));

    assertThat(forward(spec, 1).min().orElseThrow()).isBetween(8_000L, 8_200L);
    assertThat(forward(spec, 1).max().orElseThrow()).isBetween(24_800L, 25_000L);
  }

  @Test
  void logNormal_hasMinimumAndMedian() {
    var spec = DelaySpec.logNormal(Duration.ofMillis(5), Duration.ofMillis(20), 0.5);
    var sorted = forward(spec, 1).sorted().toArray();

    assertThat(sorted[0]).isGreaterThanOrEqualTo(5_000);
    assertThat(sorted[1_000]).isBetween(19_000L, 21_000L);
    assertThat(sorted[1_999]).isGreaterThan(40_000);
  }

  @Test
  void spikes_comeAsOftenAsTheyShould() {
    var spec = NONE.withSpikes(0.05, Duration.ofMillis(300));

    assertThat(forward(spec, 1).filter(delay -> delay == 300_000).count()).isBetween(70L, 130L);
  }

  @Test
  void seed_same_drawsSame() {
    var spec = DelaySpec.uniform(Duration.ZERO, Duration.ofSeconds(1));

    assertThat(forward(spec, 9).toArray()).isEqualTo(forward(spec, 9).toArray());
    assertThat(forward(spec, 9).toArray()).isNotEqualTo(forward(spec, 8).toArray());
  }
}
