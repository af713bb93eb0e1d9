package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * How the times in headers relate to true time. Ages of messages and interactions use true time.
 *
 * @param skew by which Discord's clock is ahead
 * @param driftPpm by which it runs fast, in parts per million
 * @param rounding of {@code Reset} and {@code Reset-After} to milliseconds
 * @param retryAfterPadding seconds the {@code Retry-After} header exceeds the body's value by
 */
public record ClockSpec(Duration skew, double driftPpm, Rounding rounding, int retryAfterPadding) {

  /** Towards which millisecond a reset is rounded. */
  public enum Rounding {
    NEAREST,
    UP,
    DOWN
  }

  public static ClockSpec exact() {
    return new ClockSpec(Duration.ZERO, 0, Rounding.NEAREST, 0);
  }

  public static ClockSpec skewed(Duration skew, double driftPpm) {
    return new ClockSpec(skew, driftPpm, Rounding.NEAREST, 0);
  }
}
