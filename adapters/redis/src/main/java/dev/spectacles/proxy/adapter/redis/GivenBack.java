package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Lease that was given back and of which the server does not know yet.
 *
 * @param late how much later than noted the request was sent
 * @param nanos when, by the monotonic clock
 * @param repeated whether the server may know of it, as its answer to that was lost
 */
record GivenBack(Lease lease, Outcome outcome, Duration late, long nanos, boolean repeated) {
  GivenBack again() {
    return new GivenBack(lease, outcome, late, nanos, true);
  }

  /** Adds what {@code turn.lua} wants to know of it. */
  void addTo(List<Object> arguments, long now) {
    Route route = lease.route();
    arguments.addAll(
        List.of(
            lease.id(),
            route.key().value(),
            route.major().value(),
            route.block().value(),
            lease.bucket().name(),
            lease.bucket().major().value(),
            flag(route.isAuthorisedByCaller()),
            Math.max(0, now - nanos) / 1_000,
            route.countsGlobally() ? late.toNanos() / 1_000 : 0L));
    switch (outcome) {
      case Outcome.NotSent() -> arguments.addAll(unanswered("N"));
      case Outcome.Unknown() -> arguments.addAll(unanswered("U"));
      case Outcome.Answered(int code, var headers, var limited, boolean unauthorized) -> {
        arguments.addAll(List.of("A", code, flag(unauthorized)));
        arguments.addAll(headers(headers));
        arguments.addAll(limited(limited));
      }
    }
    arguments.add(flag(repeated));
  }

  private static List<Object> unanswered(String outcome) {
    return List.of(outcome, 0, 0, "", 0, 0, 0, 0, "", 0);
  }

  private static List<Object> headers(Optional<RateLimitHeaders> headers) {
    return List.of(
        headers.map(RateLimitHeaders::bucket).map(BucketHash::value).orElse(""),
        headers.map(RateLimitHeaders::limit).orElse(0),
        headers.map(RateLimitHeaders::remaining).orElse(0),
        headers.map(RateLimitHeaders::resetMillis).orElse(0L),
        headers.map(RateLimitHeaders::resetAfterMillis).orElse(0L));
  }

  private static List<Object> limited(Optional<TooManyRequests> limited) {
    return List.of(
        limited.map(found -> found.scope().name()).orElse(""),
        limited.map(found -> found.retryAfter().toNanos() / 1_000).orElse(0L));
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }
}
