package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests are sent again, after how long, and how often at most.
 *
 * <p>Pure. A request that is not idempotent is sent again only where Discord cannot have executed
 * it.
 */
final class RetryPolicy {
  private static final int MOST_UNSENT = 3;
  private static final int MOST_UNKNOWN = 2;
  private static final int MOST_UNAVAILABLE = 3;
  private static final int MOST_LIMITED = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Answers of a gateway that reached no API server. */
  private static final Set<Integer> UNAVAILABLE = Set.of(502, 503);

  /** Answers after which the request may or may not have been executed. */
  private static final Set<Integer> UNKNOWN = Set.of(500, 504, 520, 521, 522, 523, 524);

  private RetryPolicy() {}

  /** Pause before sending again after no answer, or nothing if that is not done. */
  static Optional<Duration> afterFailure(
      Kind kind, HttpMethod method, int triesBefore, double random) {
    return switch (kind) {
      case NOT_SENT -> pause(triesBefore, MOST_UNSENT, random);
      case MAYBE_SENT ->
          method.isIdempotent() ? pause(triesBefore, MOST_UNKNOWN, random) : Optional.empty();
      case DEADLINE_PASSED, UNUSABLE_ANSWER -> Optional.empty();
    };
  }

  /** Pause before sending again after an answer other than 429, or nothing if that is not done. */
  static Optional<Duration> afterAnswer(
      int code, Headers headers, HttpMethod method, int triesBefore, double random) {
    if (UNAVAILABLE.contains(code)) {
      Duration asked = retryAfter(headers);
      return asked.compareTo(LONGEST_PAUSE) > 0
          ? Optional.empty()
          : pause(triesBefore, MOST_UNAVAILABLE, random).map(own -> longer(own, asked));
    }
    if (UNKNOWN.contains(code) && method.isIdempotent()) {
      return pause(triesBefore, MOST_UNKNOWN, random);
    }
    return Optional.empty();
  }

  /** Whether a request that was answered 429 so often before may be sent again. */
  static boolean afterLimit(int limitedBefore) {
    return limitedBefore < MOST_LIMITED;
  }

  private static Optional<Duration> pause(int triesBefore, int most, double random) {
    if (triesBefore >= most) {
      return Optional.empty();
    }
    long doubled = FIRST_PAUSE.toMillis() << triesBefore;
    return Optional.of(Duration.ofMillis(doubled + (long) (doubled * random / 2)));
  }

  private static Duration retryAfter(Headers headers) {
    try {
      return headers
          .first("retry-after")
          .filter(value -> value.length() <= 9)
          .map(value -> Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue()))
          .orElse(Duration.ZERO);
    } catch (NumberFormatException date) {
      return Duration.ZERO;
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
