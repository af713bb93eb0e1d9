package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * The limit over all routes of a token, or of an address where no Authorization is sent.
 *
 * @param countsAuthorizedInteractions counts interaction calls that carry an Authorization, as seen
 *     in 2021 and 2022
 */
public record GlobalSpec(Rate rate, boolean countsAuthorizedInteractions) {

  /** 50 per second, in a window from the first arrival. */
  public static GlobalSpec standard() {
    return new GlobalSpec(Rate.fixed(50, Duration.ofSeconds(1)), false);
  }
}
