package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.e2e.Traffic.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Least part of what a perfect client could have used that must have been used.
 *
 * @param longWindow of buckets with windows of 5 s and more
 * @param secondWindow of buckets with windows from 1 s
 * @param shortWindow of buckets with shorter windows
 */
record Bounds(double longWindow, double secondWindow, double shortWindow, double global) {

  /** What issue 3 asks for. */
  static Bounds ofIssue(int instances) {
    return new Bounds(0.98, 0.96, instances == 1 ? 0.90 : 0.85, 0.95);
  }

  /** What is kept by a few seconds on a busy machine, too. */
  static Bounds ofShortRun() {
    return new Bounds(0.90, 0.85, 0.60, 0.80);
  }

  /** So little that only what has collapsed is below it; windows under a second are left out. */
  static Bounds ofFarRedis(double least) {
    return new Bounds(least, least, 0, 0);
  }

  void check(Traffic traffic, Span span, List<Saturated> buckets) {
    for (Saturated bucket : buckets) {
      assertThat(traffic.use(bucket, span).utilisation())
          .as("%s: used of its maximum", bucket.rate())
          .isGreaterThanOrEqualTo(of(bucket));
    }
    assertThat(traffic.globalUse(span))
        .as("used of the global limit")
        .isGreaterThanOrEqualTo(global);
  }

  /** One line with what was used of each bucket and of the global limit. */
  static void print(String run, Traffic traffic, Span span, List<Saturated> buckets) {
    var parts = new ArrayList<String>();
    for (Saturated bucket : buckets) {
      double used = traffic.use(bucket, span).utilisation();
      parts.add("%s %.1f %%".formatted(bucket.name(), 100 * used));
    }
    System.out.printf(
        "%s: %s; global %.1f %%; 429s %d user, %d global%n",
        run,
        String.join(", ", parts),
        100 * traffic.globalUse(span),
        traffic.report().limitedUser(),
        traffic.report().limitedGlobal());
  }

  private double of(Saturated bucket) {
    Duration window = bucket.rate().window();
    if (window.compareTo(Duration.ofSeconds(5)) >= 0) {
      return longWindow;
    }
    return window.compareTo(Duration.ofSeconds(1)) >= 0 ? secondWindow : shortWindow;
  }
}
