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
   */
  record Answered(int code, Optional<RateLimitHeaders> headers, Optional<TooManyRequests> limited)
      implements Outcome {}
}
