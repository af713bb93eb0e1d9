package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;

/** A window that starts with its first counted request. */
final class FixedCounter implements RateCounter {
  private final Rate rate;
  private final long epochOffset;
  private long start;
  private int used;

  FixedCounter(Rate rate, long epochOffset) {
    this.rate = rate;
    this.epochOffset = epochOffset;
  }

  @Override
  public Rate rate() {
    return rate;
  }

  @Override
  public double used(long nowMicros) {
    return resetAfter(nowMicros) == 0 ? 0 : used;
  }

  @Override
  public long resetAfter(long nowMicros) {
    return used == 0 ? 0 : Math.max(0, start + rate.windowMicros() - nowMicros);
  }

  @Override
  public long retryAfter(long nowMicros) {
    return used(nowMicros) < rate.limit() ? 0 : resetAfter(nowMicros);
  }

  @Override
  public void count(long nowMicros) {
    if (used(nowMicros) == 0) {
      start = nowMicros;
      used = 0;
    }
    used++;
  }

  @Override
  public RateCounter changedTo(Rate newRate, long nowMicros) {
    if (newRate.model() != RateModel.FIXED) {
      return RateCounter.converted(this, newRate, epochOffset, nowMicros);
    }
    var changed = new FixedCounter(newRate, epochOffset);
    changed.start = start;
    changed.used = (int) used(nowMicros);
    return changed;
  }
}
