package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RingTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Ring<LongAdder> ring = new Ring<>(4, Duration.ofSeconds(1), LongAdder::new);

  @Test
  void before_hasWholeStretches_inTheirOrder() {
    ring.at(10 * SECOND).add(1);
    ring.at(11 * SECOND + SECOND / 2).add(2);
    ring.at(13 * SECOND).add(4);

    assertThat(sums(ring.before(13 * SECOND, 3))).containsExactly(1L, 2L, 0L);
    assertThat(sums(ring.upTo(13 * SECOND, 3))).containsExactly(1L, 2L, 0L, 4L);
  }

  @Test
  void stretch_afterAWholeTurn_isForgotten() {
    ring.at(10 * SECOND).add(1);
    ring.at(14 * SECOND).add(2);

    assertThat(sums(ring.upTo(14 * SECOND, 3))).containsExactly(0L, 0L, 0L, 2L);
    assertThat(sums(ring.upTo(100 * SECOND, 3))).containsExactly(0L, 0L, 0L, 0L);
  }

  @Test
  void time_belowZero_isATimeLikeAnyOther() {
    ring.at(-1).add(1);
    ring.at(0).add(2);

    assertThat(sums(ring.upTo(0, 1))).containsExactly(1L, 2L);
  }

  @Test
  void threadThatStoodStill_countsInTheNewerStretch() {
    ring.at(14 * SECOND).add(1);
    ring.at(10 * SECOND).add(1);

    assertThat(sums(ring.upTo(14 * SECOND, 0))).containsExactly(2L);
  }

  @Test
  void manyThreads_loseNothing() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        threads.execute(
            () -> {
              for (int n = 0; n < 1_000; n++) {
                ring.at((n % 4) * SECOND).increment();
              }
            });
      }
    }

    assertThat(sums(ring.upTo(3 * SECOND, 3))).containsOnly(4_000L);
  }

  private static List<Long> sums(List<Optional<LongAdder>> figures) {
    return figures.stream().map(each -> each.map(LongAdder::sum).orElse(0L)).toList();
  }
}
