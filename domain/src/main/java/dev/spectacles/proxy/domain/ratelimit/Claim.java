package dev.spectacles.proxy.domain.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;

/**
 * Wish to send requests of one route.
 *
 * @param count how many, the first in line first
 * @param priority of the first in line
 * @param age how long the first in line has waited: of several instances that want the same, the
 *     one whose request is the oldest comes first
 */
public record Claim(Route route, int count, Priority priority, Duration age) {
  public Claim {
    requireNonNull(route, "route");
    requireNonNull(priority, "priority");
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
    if (age.isNegative()) {
      throw new IllegalArgumentException("age: " + age + " (expected: >= 0)");
    }
  }

  /** Of requests that have not waited yet and say nothing of their priority. */
  public Claim(Route route, int count) {
    this(route, count, Priority.NORMAL, Duration.ZERO);
  }
}
