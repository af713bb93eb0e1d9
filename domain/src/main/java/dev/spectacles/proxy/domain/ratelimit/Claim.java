package dev.spectacles.proxy.domain.ratelimit;

import dev.spectacles.proxy.domain.route.Route;

/**
 * Wish to send requests of one route.
 *
 * @param count how many, oldest first
 */
public record Claim(Route route, int count) {
  public Claim {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
  }
}
