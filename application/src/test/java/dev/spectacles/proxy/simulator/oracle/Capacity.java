package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.Rate;

/**
 * M, the most requests a perfect client could have had accepted, over changing rates.
 *
 * <p>Between the first and the last accepted arrival, a fixed window yields its limit once per
 * {@code W + RTT_min} (a client learns of the window's start only from an answer), a sliding bucket
 * {@code L + t / T}, and the global models their limit once per window. Where the rate changes
 * within a window, the value may be off by part of a window.
 */
final class Capacity {
  private final long shortestRoundTripMicros;
  private Rate rate;
  private long segmentStart;
  private long earlier;
  private boolean changed;

  Capacity(Rate rate, long firstArrival, long shortestRoundTripMicros) {
    this.rate = rate;
    this.segmentStart = firstArrival;
    this.shortestRoundTripMicros = shortestRoundTripMicros;
  }

  Rate rate() {
    return rate;
  }

  /** From now on the limit has another rate. */
  void change(Rate newRate, long nowMicros) {
    // A raised limit gives the difference at once, in whichever part of a window it comes.
    earlier = maximum(nowMicros) + Math.max(0, newRate.limit() - rate.limit());
    segmentStart = nowMicros;
    rate = newRate;
    changed = true;
  }

  long maximum(long lastArrival) {
    var span = Math.max(0, lastArrival - segmentStart);
    return earlier
        + switch (rate.model()) {
          case FIXED -> windows(span, rate.windowMicros() + shortestRoundTripMicros);
          case SLIDING -> sliding(span);
          case ALIGNED, LOG -> windows(span, rate.windowMicros());
        };
  }

  /** What a client may spend at once when a segment starts was already granted to the first. */
  private long windows(long span, long cycle) {
    return rate.limit() * (span / cycle + (changed ? 0 : 1));
  }

  private long sliding(long span) {
    return (long) Math.floor((changed ? 0 : rate.limit()) + span / rate.refillMicros() + 1e-9);
  }
}
