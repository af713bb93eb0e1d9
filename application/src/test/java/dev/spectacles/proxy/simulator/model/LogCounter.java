package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.util.ArrayDeque;
import java.util.Deque;

/** The times of the counted requests; none leaves before a whole window has passed. */
final class LogCounter implements RateCounter {
  private final Rate rate;
  private final long epochOffset;
  private final Deque<Long> times = new ArrayDeque<>();

  LogCounter(Rate rate, long epochOffset) {
    this.rate = rate;
    this.epochOffset = epochOffset;
  }

  @Override
  public Rate rate() {
    return rate;
  }

  @Override
  public double used(long nowMicros) {
    while (!times.isEmpty() && times.getFirst() + rate.windowMicros() <= nowMicros) {
      times.removeFirst();
    }
    return times.size();
  }

  @Override
  public long resetAfter(long nowMicros) {
    return used(nowMicros) == 0 ? 0 : times.getLast() + rate.windowMicros() - nowMicros;
  }

  @Override
  public long retryAfter(long nowMicros) {
    var excess = (int) used(nowMicros) - rate.limit();
    if (excess < 0) {
      return 0;
    }
    var leaving = times.stream().skip(excess).findFirst().orElseThrow();
    return leaving + rate.windowMicros() - nowMicros;
  }

  @Override
  public void count(long nowMicros) {
    times.addLast(nowMicros);
  }

  @Override
  public RateCounter changedTo(Rate newRate, long nowMicros) {
    if (newRate.model() != RateModel.LOG) {
      return RateCounter.converted(this, newRate, epochOffset, nowMicros);
    }
    var changed = new LogCounter(newRate, epochOffset);
    changed.times.addAll(times);
    return changed;
  }
}
