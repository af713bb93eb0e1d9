package dev.spectacles.proxy.domain.ratelimit;

import dev.spectacles.proxy.domain.request.Headers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What an answer's headers say of its bucket. Source: Discord docs, Rate Limits, "Header Format".
 *
 * @param limit requests per window
 * @param remaining requests left in it
 * @param resetMillis reset by Discord's clock, milliseconds since the epoch
 * @param resetAfterMillis time until the reset
 */
public record RateLimitHeaders(
    BucketHash bucket, int limit, int remaining, long resetMillis, long resetAfterMillis) {
  private static final BigDecimal LARGEST = BigDecimal.valueOf(1_000_000_000_000L);
  private static final long LONGEST_RESET_MILLIS = Duration.ofDays(30).toMillis();

  /** The headers, if all of them are there and make sense. */
  public static Optional<RateLimitHeaders> parse(Headers headers) {
    Optional<BucketHash> bucket =
        headers
            .first("x-ratelimit-bucket")
            .filter(value -> !value.isEmpty() && value.length() <= 128)
            .map(BucketHash::new);
    Optional<BigDecimal> limit = decimal(headers, "x-ratelimit-limit");
    Optional<BigDecimal> remaining = decimal(headers, "x-ratelimit-remaining");
    Optional<BigDecimal> reset = decimal(headers, "x-ratelimit-reset");
    Optional<BigDecimal> resetAfter = decimal(headers, "x-ratelimit-reset-after");
    if (bucket.isEmpty()
        || limit.isEmpty()
        || remaining.isEmpty()
        || reset.isEmpty()
        || resetAfter.isEmpty()) {
      return Optional.empty();
    }
    long limitValue = limit.get().longValue();
    long remainingValue = remaining.get().longValue();
    long resetAfterMillis = millis(resetAfter.get());
    if (limitValue < 1
        || limitValue > 1_000_000
        || remainingValue < 0
        || resetAfterMillis < 0
        || resetAfterMillis > LONGEST_RESET_MILLIS) {
      return Optional.empty();
    }
    return Optional.of(
        new RateLimitHeaders(
            bucket.get(),
            (int) limitValue,
            (int) Math.min(remainingValue, limitValue),
            millis(reset.get()),
            resetAfterMillis));
  }

  /** Requests that Discord has counted in this window. */
  public int used() {
    return limit - remaining;
  }

  /** Discord's clock when it counted the request, milliseconds since the epoch. */
  public long serverMillis() {
    return resetMillis - resetAfterMillis;
  }

  static Optional<BigDecimal> decimal(Headers headers, String name) {
    return headers.first(name).flatMap(RateLimitHeaders::decimal);
  }

  private static Optional<BigDecimal> decimal(String text) {
    // An exponent could make a short text into a number that takes for ever to convert.
    if (text.isEmpty() || text.length() > 32 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      return Optional.empty();
    }
    try {
      // Beyond the bound it is nonsense, and would wrap around to a number that looks fine.
      return Optional.of(new BigDecimal(text)).filter(value -> value.abs().compareTo(LARGEST) < 0);
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static long millis(BigDecimal seconds) {
    return seconds.movePointRight(3).setScale(0, java.math.RoundingMode.CEILING).longValue();
  }
}
