package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * How many 401, 403 and 429 answers an address may collect, and the ban that follows.
 *
 * @param retryAfterHeader whether answers during a ban carry {@code Retry-After}
 */
public record InvalidSpec(
    int threshold, Duration window, Duration ban, BanAnswer answer, boolean retryAfterHeader) {

  /** What a banned address is answered with, always with status 429. */
  public enum BanAnswer {
    /** A JSON body with code 0. */
    JSON,
    /** Cloudflare's error page 1015. */
    HTML
  }

  /** 10,000 in 10 minutes, then an hour of Cloudflare's error page. */
  public static InvalidSpec standard() {
    return new InvalidSpec(
        10_000, Duration.ofMinutes(10), Duration.ofHours(1), BanAnswer.HTML, true);
  }
}
