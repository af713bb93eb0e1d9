package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * The three parts of a round trip. Limits are checked after {@code forward} and before {@code
 * processing}, so answers of one bucket may overtake each other.
 */
public record Delays(DelaySpec forward, DelaySpec processing, DelaySpec back) {

  public static Delays none() {
    return new Delays(DelaySpec.none(), DelaySpec.none(), DelaySpec.none());
  }

  /** Forward and return 8-25 ms, processing 5-60 ms: the set-up of the reference measurements. */
  public static Delays reference() {
    var line = DelaySpec.uniform(Duration.ofMillis(8), Duration.ofMillis(25));
    return new Delays(line, DelaySpec.uniform(Duration.ofMillis(5), Duration.ofMillis(60)), line);
  }

  /** RTT_min, the shortest round trip these delays allow. */
  public Duration shortestRoundTrip() {
    return forward.min().plus(processing.min()).plus(back.min());
  }
}
