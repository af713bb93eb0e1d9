package dev.spectacles.proxy.domain.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.Digest;

/**
 * Whom Discord counts a request against: the hash of the exact {@code Authorization} value, so that
 * a forged token with a bot's id in it cannot hold up the bot; or the egress address for requests
 * without one.
 */
public record TokenId(String value) {
  /** Requests without credentials, which Discord counts by address. */
  public static final TokenId ANONYMOUS = new TokenId("anonymous");

  public TokenId {
    requireNonNull(value, "value");
  }

  /** Caller that these request headers name. */
  public static TokenId of(Headers headers) {
    return headers
        .first("authorization")
        .map(value -> new TokenId(Digest.of(value)))
        .orElse(ANONYMOUS);
  }

  @Override
  public String toString() {
    return value;
  }
}
