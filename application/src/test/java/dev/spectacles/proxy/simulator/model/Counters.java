package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Rate;
import java.util.HashMap;
import java.util.Map;

/** Counters of one kind by key. A counter appears with its first request; idle ones are removed. */
final class Counters {
  private static final int SWEEP_EVERY = 10_000;

  private final Map<String, RateCounter> counters = new HashMap<>();
  private final long epochOffset;
  private int created;

  Counters(long epochOffset) {
    this.epochOffset = epochOffset;
  }

  /** The counter of a key, brought to this rate if it had another one. */
  RateCounter get(String key, Rate rate, long nowMicros) {
    var counter = counters.get(key);
    if (counter == null) {
      sweep(nowMicros);
      counter = RateCounter.of(rate, epochOffset);
      counters.put(key, counter);
    } else if (!counter.rate().equals(rate)) {
      counter = counter.changedTo(rate, nowMicros);
      counters.put(key, counter);
    }
    return counter;
  }

  /** Brings all counters whose key starts so to a rate at the moment it changes. */
  void change(String keyPrefix, Rate rate, long nowMicros) {
    counters.replaceAll(
        (key, counter) ->
            key.startsWith(keyPrefix) && !counter.rate().equals(rate)
                ? counter.changedTo(rate, nowMicros)
                : counter);
  }

  private void sweep(long nowMicros) {
    if (++created % SWEEP_EVERY == 0) {
      counters.values().removeIf(counter -> counter.used(nowMicros) == 0);
    }
  }
}
