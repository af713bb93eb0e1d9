package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.Status.Percentiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Durations, counted by their magnitude in microseconds: eight classes from each power of two to
 * the next, so that what is read is off by a sixteenth at most. Thread-safe, without locks.
 */
final class DurationHistogram {
  /** Classes per power of two, and the power of two that this is. */
  private static final int FINENESS = 8;

  private static final int FINENESS_BITS = 3;

  /** About 19 hours; what is longer counts as this. */
  private static final long LONGEST = (1L << 36) - 1;

  private static final int CLASSES = classOf(LONGEST) + 1;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(CLASSES);

  void add(Duration duration) {
    long micros = duration.toNanos() / 1_000;
    counts.incrementAndGet(classOf(Math.clamp(micros, 0, LONGEST)));
  }

  /** Of all of them together; empty if nothing was counted. */
  static Optional<Percentiles> percentiles(List<DurationHistogram> all) {
    var sums = new long[CLASSES];
    long count = 0;
    for (DurationHistogram each : all) {
      for (int i = 0; i < CLASSES; i++) {
        int counted = each.counts.get(i);
        sums[i] += counted;
        count += counted;
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Percentiles(
                count,
                atRank(sums, Math.ceilDiv(count, 2)),
                atRank(sums, Math.ceilDiv(count * 99, 100))));
  }

  private static Duration atRank(long[] sums, long rank) {
    long seen = 0;
    for (int i = 0; i < sums.length; i++) {
      seen += sums[i];
      if (seen >= rank) {
        return Duration.ofNanos(middleOf(i) * 1_000);
      }
    }
    throw new AssertionError("a rank is no higher than the count");
  }

  private static int classOf(long micros) {
    if (micros < FINENESS) {
      return (int) micros;
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
    int within = (int) (micros >>> (power - FINENESS_BITS)) & (FINENESS - 1);
    return (power - FINENESS_BITS + 1) * FINENESS + within;
  }

  private static long middleOf(int number) {
    if (number < FINENESS) {
      return number;
    }
    int shift = number / FINENESS - 1;
    long lowest = (long) (FINENESS + number % FINENESS) << shift;
    return lowest + (1L << shift) / 2;
  }
}
