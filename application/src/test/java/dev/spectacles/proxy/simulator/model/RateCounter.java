package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;

/** Counts requests against a {@link Rate}. Times are microseconds and never go back. */
sealed interface RateCounter permits FixedCounter, SlidingCounter, AlignedCounter, LogCounter {
  /** Absorbs the rounding error of a sliding level that is meant to be a whole number. */
  double EPSILON = 1e-6;

  Rate rate();

  /** Requests used up at this time; only a sliding bucket has fractions. */
  double used(long nowMicros);

  /** Time until the limit is completely free; 0 if it is. */
  long resetAfter(long nowMicros);

  /** Time until one request is free; 0 if one is. */
  long retryAfter(long nowMicros);

  /** Counts a request for which there is room. */
  void count(long nowMicros);

  default boolean hasRoom(long nowMicros) {
    return retryAfter(nowMicros) <= 0;
  }

  default int remaining(long nowMicros) {
    return (int) Math.max(0, Math.floor(rate().limit() - used(nowMicros) + EPSILON));
  }

  /** A counter of another rate that has the same number of requests used up. */
  RateCounter changedTo(Rate rate, long nowMicros);

  /**
   * An unused counter.
   *
   * @param epochOffset microseconds to add to a time to get the time of day, for aligned windows
   */
  static RateCounter of(Rate rate, long epochOffset) {
    return switch (rate.model()) {
      case FIXED -> new FixedCounter(rate, epochOffset);
      case SLIDING -> new SlidingCounter(rate, epochOffset);
      case ALIGNED -> new AlignedCounter(rate, epochOffset);
      case LOG -> new LogCounter(rate, epochOffset);
    };
  }

  /** A counter of another model into which the used requests are counted now. */
  static RateCounter converted(RateCounter from, Rate rate, long epochOffset, long nowMicros) {
    var to = of(rate, epochOffset);
    for (int i = 0; i < Math.ceil(from.used(nowMicros) - EPSILON); i++) {
      to.count(nowMicros);
    }
    return to;
  }
}
