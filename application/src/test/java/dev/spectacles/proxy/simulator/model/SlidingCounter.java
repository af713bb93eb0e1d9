package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;

/** A leaky bucket: each request adds one, and one leaks away every {@code window / limit}. */
final class SlidingCounter implements RateCounter {
  private static final double ROUNDING_ERROR_MICROS = 0.01;

  private final Rate rate;
  private final long epochOffset;
  private double level;
  private long levelAt;

  SlidingCounter(Rate rate, long epochOffset) {
    this.rate = rate;
    this.epochOffset = epochOffset;
  }

  @Override
  public Rate rate() {
    return rate;
  }

  @Override
  public double used(long nowMicros) {
    return Math.max(0, level - (nowMicros - levelAt) / rate.refillMicros());
  }

  @Override
  public long resetAfter(long nowMicros) {
    return timeToLeak(used(nowMicros));
  }

  @Override
  public long retryAfter(long nowMicros) {
    return timeToLeak(used(nowMicros) + 1 - rate.limit());
  }

  @Override
  public void count(long nowMicros) {
    level = used(nowMicros) + 1;
    levelAt = nowMicros;
  }

  @Override
  public RateCounter changedTo(Rate newRate, long nowMicros) {
    if (newRate.model() != RateModel.SLIDING) {
      return RateCounter.converted(this, newRate, epochOffset, nowMicros);
    }
    var changed = new SlidingCounter(newRate, epochOffset);
    changed.level = used(nowMicros);
    changed.levelAt = nowMicros;
    return changed;
  }

  private long timeToLeak(double amount) {
    return (long) Math.max(0, Math.ceil(amount * rate.refillMicros() - ROUNDING_ERROR_MICROS));
  }
}
