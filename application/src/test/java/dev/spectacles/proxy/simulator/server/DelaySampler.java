package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.scenario.DelaySpec;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Durations;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Draws the delays of requests, each request from a generator of its own. */
final class DelaySampler {
  private final Delays delays;
  private final SplittableRandom seeds;

  /** Delays of one request. */
  record Drawn(long forwardMicros, long processingMicros, long backMicros) {}

  DelaySampler(Delays delays, long seed) {
    this.delays = delays;
    seeds = new SplittableRandom(seed);
  }

  /** Delays of the next request. Not thread-safe. */
  Drawn next() {
    var random = seeds.split();
    return new Drawn(
        draw(delays.forward(), random),
        draw(delays.processing(), random),
        draw(delays.back(), random));
  }

  private static long draw(DelaySpec spec, RandomGenerator random) {
    var factor =
        switch (spec.shape()) {
          case UNIFORM -> random.nextDouble();
          case LOG_NORMAL -> Math.exp(spec.sigma() * random.nextGaussian());
        };
    var delay = Durations.micros(spec.min()) + Math.round(Durations.micros(spec.spread()) * factor);
    var spike = spec.spikeProbability() > 0 && random.nextDouble() < spec.spikeProbability();
    return spike ? delay + Durations.micros(spec.spike()) : delay;
  }
}
