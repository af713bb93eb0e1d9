package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;

/** Windows that start at multiples of their length since the epoch, such as whole seconds. */
final class AlignedCounter implements RateCounter {
  private final Rate rate;
  private final long epochOffset;
  private long window = Long.MIN_VALUE;
  private int used;

  AlignedCounter(Rate rate, long epochOffset) {
    this.rate = rate;
    this.epochOffset = epochOffset;
  }

  @Override
  public Rate rate() {
    return rate;
  }

  @Override
  public double used(long nowMicros) {
    return windowOf(nowMicros) == window ? used : 0;
  }

  @Override
  public long resetAfter(long nowMicros) {
    return used(nowMicros) == 0 ? 0 : untilNextWindow(nowMicros);
  }

  @Override
  public long retryAfter(long nowMicros) {
    return used(nowMicros) < rate.limit() ? 0 : untilNextWindow(nowMicros);
  }

  @Override
  public void count(long nowMicros) {
    used = (int) used(nowMicros) + 1;
    window = windowOf(nowMicros);
  }

  @Override
  public RateCounter changedTo(Rate newRate, long nowMicros) {
    if (newRate.model() != RateModel.ALIGNED || !newRate.window().equals(rate.window())) {
      return RateCounter.converted(this, newRate, epochOffset, nowMicros);
    }
    var changed = new AlignedCounter(newRate, epochOffset);
    changed.window = window;
    changed.used = used;
    return changed;
  }

  private long windowOf(long nowMicros) {
    return Math.floorDiv(nowMicros + epochOffset, rate.windowMicros());
  }

  private long untilNextWindow(long nowMicros) {
    return rate.windowMicros() - Math.floorMod(nowMicros + epochOffset, rate.windowMicros());
  }
}
