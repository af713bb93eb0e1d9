package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.Rate;

/** Running counts of one bucket, or of one token's global limit. */
final class BucketTally {
  private final Capacity capacity;
  private long accepted;
  private long limited;
  private long firstArrival = -1;
  private long lastArrival = -1;
  private int inFlight;
  private int maxInFlight;

  BucketTally(Rate rate, long nowMicros, long shortestRoundTripMicros) {
    capacity = new Capacity(rate, nowMicros, shortestRoundTripMicros);
  }

  void arrived(boolean counted, boolean wasLimited, Rate rate, long nowMicros) {
    if (!rate.equals(capacity.rate())) {
      capacity.change(rate, nowMicros);
    }
    inFlight++;
    maxInFlight = Math.max(maxInFlight, inFlight);
    if (wasLimited) {
      limited++;
    }
    if (counted) {
      accepted++;
      firstArrival = firstArrival < 0 ? nowMicros : firstArrival;
      lastArrival = nowMicros;
    }
  }

  void answered() {
    inFlight--;
  }

  /** The counts, order violations left out: they are not kept but drawn from the ledger. */
  BucketReport report(String key) {
    return new BucketReport(
        key,
        capacity.rate(),
        accepted,
        limited,
        firstArrival,
        lastArrival,
        accepted == 0 ? 0 : capacity.maximum(lastArrival),
        maxInFlight,
        0,
        0);
  }
}
