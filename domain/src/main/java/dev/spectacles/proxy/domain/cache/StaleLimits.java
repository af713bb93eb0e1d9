package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long an answer may be used after it was fresh, where neither Discord nor the caller say
 * anything else; zero for not at all. Source: RFC 9111, section 4.2.4.
 *
 * @param whileLimited instead of a noticeable wait for the rate limit
 * @param onError instead of an error of Discord or of the way there
 */
public record StaleLimits(Duration whileLimited, Duration onError) {
  public static final StaleLimits DEFAULT =
      new StaleLimits(Duration.ofSeconds(60), Duration.ofSeconds(300));

  /** Never: for routes whose answers must not be older than they claim. */
  public static final StaleLimits NONE = new StaleLimits(Duration.ZERO, Duration.ZERO);

  public StaleLimits {
    requireNonNull(whileLimited, "whileLimited");
    requireNonNull(onError, "onError");
  }
}
