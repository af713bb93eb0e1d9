package dev.spectacles.proxy.domain.ratelimit;

import java.util.Optional;

/** What became of a request that a lease permitted. */
public sealed interface Outcome {
  /** It never reached Discord; the permission can be given to another. */
  record NotSent() implements Outcome {}

  /** It may have reached Discord, and no answer tells. */
  record Unknown() implements Outcome {}

  /**
   * Discord answered.
   *
   * @param code HTTP status
   * @param limited what a 429 said
   * @param unauthorized whether it does not accept the caller's credentials
   */
  record Answered(
      int code,
      Optional<RateLimitHeaders> headers,
      Optional<TooManyRequests> limited,
      boolean unauthorized)
      implements Outcome {
    /** Answer to a caller whose credentials are accepted, or do not matter. */
    public Answered(
        int code, Optional<RateLimitHeaders> headers, Optional<TooManyRequests> limited) {
      this(code, headers, limited, false);
    }
  }
}
