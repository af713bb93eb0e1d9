package dev.spectacles.proxy.domain.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A 429 of Discord, by whom it holds up and for how long.
 *
 * @param retryAfter the longer of what header and body say
 */
public record TooManyRequests(Scope scope, Duration retryAfter) {
  /** Whom a 429 holds up. */
  public enum Scope {
    /** Everything of this caller that counts globally. */
    GLOBAL,
    /** This bucket. */
    USER,
    /** This route only, by a limit its bucket does not show: requests were left. */
    SUBLIMIT,
    /** This route only, by a limit that others share; does not count as an invalid request. */
    SHARED,
    /** Everything from this address: Cloudflare's ban. */
    CLOUDFLARE
  }

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration DEFAULT = Duration.ofSeconds(1);
  private static final Duration CLOUDFLARE_DEFAULT = Duration.ofSeconds(60);
  private static final int LARGEST_BODY = 16 * 1024;
  private static final Pattern RETRY_AFTER =
      Pattern.compile("\"retry_after\"\\s*:\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)");
  private static final Pattern GLOBAL = Pattern.compile("\"global\"\\s*:\\s*true");
  private static final Pattern CODE_ZERO = Pattern.compile("\"code\"\\s*:\\s*0\\b");

  /** Reads headers and body of an answer with status 429. */
  public static TooManyRequests parse(Headers headers, Body body) {
    String text =
        new String(body.bytes(), 0, Math.min(body.size(), LARGEST_BODY), UTF_8).stripLeading();
    Optional<Duration> retryAfter =
        longer(
            RateLimitHeaders.decimal(headers, "retry-after").map(TooManyRequests::seconds),
            inBody(text));
    Scope scope = scope(headers, text);
    return new TooManyRequests(
        scope, retryAfter.orElse(scope == Scope.CLOUDFLARE ? CLOUDFLARE_DEFAULT : DEFAULT));
  }

  private static Scope scope(Headers headers, String text) {
    String named = headers.first("x-ratelimit-scope").orElse("");
    boolean limitHeaders = headers.contains("x-ratelimit-limit");
    if (!headers.contains("via")
        || !text.startsWith("{")
        || (!limitHeaders && named.isEmpty() && CODE_ZERO.matcher(text).find())) {
      return Scope.CLOUDFLARE;
    }
    if (headers.contains("x-ratelimit-global")
        || named.equals("global")
        || GLOBAL.matcher(text).find()) {
      return Scope.GLOBAL;
    }
    if (named.equals("shared")) {
      return Scope.SHARED;
    }
    boolean left =
        RateLimitHeaders.decimal(headers, "x-ratelimit-remaining")
            .filter(remaining -> remaining.signum() > 0)
            .isPresent();
    return left ? Scope.SUBLIMIT : Scope.USER;
  }

  private static Optional<Duration> inBody(String text) {
    Matcher matcher = RETRY_AFTER.matcher(text);
    return matcher.find()
        ? Optional.of(seconds(new BigDecimal(matcher.group(1))))
        : Optional.empty();
  }

  private static Duration seconds(BigDecimal value) {
    BigDecimal bounded = value.max(BigDecimal.ZERO).min(BigDecimal.valueOf(LONGEST.toSeconds()));
    return Duration.ofNanos(bounded.movePointRight(9).longValue());
  }

  private static Optional<Duration> longer(Optional<Duration> a, Optional<Duration> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isPresent() ? a : b;
    }
    return a.get().compareTo(b.get()) >= 0 ? a : b;
  }
}
