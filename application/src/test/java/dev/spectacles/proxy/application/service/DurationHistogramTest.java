package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {
  @Test
  void nothing_hasNoPercentiles() {
    assertThat(DurationHistogram.percentiles(List.of(new DurationHistogram()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 100, 999, 12_345, 1_000_000, 3_600_000_000L})
  void single_isOffByASixteenthAtMost(long micros) {
    var histogram = new DurationHistogram();
    histogram.add(Duration.ofNanos(micros * 1_000));

    var found = DurationHistogram.percentiles(List.of(histogram)).orElseThrow();

    assertThat(found.count()).isEqualTo(1);
    assertThat((double) found.median().toNanos() / 1_000 - micros)
        .isBetween(-micros / 16.0, micros / 16.0);
    assertThat(found.p99()).isEqualTo(found.median());
  }

  @Test
  void hundred_tellMedianAndP99Apart() {
    var some = new DurationHistogram();
    var others = new DurationHistogram();
    for (int i = 1; i <= 100; i++) {
      (i % 2 == 0 ? some : others).add(Duration.ofMillis(i));
    }

    var found = DurationHistogram.percentiles(List.of(some, others)).orElseThrow();

    assertThat(found.count()).isEqualTo(100);
    assertThat(found.median().toMillis()).isBetween(47L, 53L);
    assertThat(found.p99().toMillis()).isBetween(93L, 105L);
  }

  @Test
  void extremes_countAsTheLongestAndTheShortest() {
    var histogram = new DurationHistogram();
    histogram.add(Duration.ofDays(300));
    histogram.add(Duration.ofSeconds(-1));

    var found = DurationHistogram.percentiles(List.of(histogram)).orElseThrow();

    assertThat(found.median()).isZero();
    assertThat(found.p99()).isGreaterThan(Duration.ofHours(17));
  }
}
