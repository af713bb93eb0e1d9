package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.DelaySpec;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Durations;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws the delays of requests, each request from a generator of its own. Not thread-safe.
 *
 * <p>The model does not wait; whoever drives it adds these to its time.
 */
public final class DelaySampler {
  private final Delays delays;
  private final SplittableRandom seeds;

  /** Delays of one request. */
  public record Drawn(long forwardMicros, long processingMicros, long backMicros) {}

  public DelaySampler(Delays delays, long seed) {
    this.delays = delays;
    seeds = new SplittableRandom(seed);
  }

  /** Delays of the next request. */
  public Drawn next() {
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
