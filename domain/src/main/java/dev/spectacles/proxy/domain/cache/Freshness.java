package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How old an answer was when it came, and how old it may become. Source: RFC 9111, section 4.2.
 *
 * @param lifetime empty if nobody tells, and nobody may guess
 */
record Freshness(Duration initialAge, Optional<Duration> lifetime) {
  /** Longest of the RFC's heuristic. */
  private static final Duration LONGEST_GUESS = Duration.ofDays(1);

  private static final int PART_OF_UNCHANGED_TIME = 10;

  static Freshness of(Exchange exchange, ResponseDirectives directives, Terms terms) {
    Headers answer = exchange.answer().headers();
    Instant received = exchange.received();
    Instant date = date(answer, "date", received).orElse(received);
    Optional<Duration> explicit = explicit(answer, directives, terms.shared(), date, received);
    if (explicit.isPresent()) {
      return new Freshness(age(exchange, date), explicit);
    }
    if (!mayBeGuessed(exchange.answer().code(), directives, terms)) {
      return new Freshness(age(exchange, date), Optional.empty());
    }
    // Discord's clock and ours need not agree, and our own lifetimes are a few seconds long: they
    // count from when it was sent.
    return terms.isStrict()
        ? new Freshness(age(exchange, date), Optional.of(unchanged(answer, date, received)))
        : new Freshness(correctedAge(exchange), terms.ttl());
  }

  private static Optional<Duration> explicit(
      Headers answer,
      ResponseDirectives directives,
      boolean shared,
      Instant date,
      Instant received) {
    if (shared && directives.sMaxAge().isPresent()) {
      return directives.sMaxAge();
    }
    return directives
        .maxAge()
        .or(
            () ->
                answer
                    .first("expires")
                    .map(
                        text ->
                            HttpDates.parse(text, received)
                                .map(end -> DeltaSeconds.bounded(Duration.between(date, end)))
                                .orElse(Duration.ZERO)));
  }

  private static boolean mayBeGuessed(int code, ResponseDirectives directives, Terms terms) {
    return Statuses.isHeuristicallyCacheable(code)
        || terms.whateverStatus()
        || directives.isPublic();
  }

  private static Duration unchanged(Headers answer, Instant date, Instant received) {
    return date(answer, "last-modified", received)
        .map(changed -> Duration.between(changed, date).dividedBy(PART_OF_UNCHANGED_TIME))
        .map(guess -> guess.compareTo(LONGEST_GUESS) > 0 ? LONGEST_GUESS : guess)
        .map(DeltaSeconds::bounded)
        .orElse(Duration.ZERO);
  }

  private static Duration age(Exchange exchange, Instant date) {
    Duration apparent = DeltaSeconds.bounded(Duration.between(date, exchange.received()));
    Duration corrected = correctedAge(exchange);
    return apparent.compareTo(corrected) > 0 ? apparent : corrected;
  }

  private static Duration correctedAge(Exchange exchange) {
    Duration told =
        FieldLists.members(exchange.answer().headers(), "age").stream()
            .findFirst()
            .flatMap(DeltaSeconds::parse)
            .orElse(Duration.ZERO);
    Duration onTheWay =
        DeltaSeconds.bounded(Duration.between(exchange.sent(), exchange.received()));
    return DeltaSeconds.bounded(told.plus(onTheWay));
  }

  private static Optional<Instant> date(Headers answer, String name, Instant received) {
    return answer.first(name).flatMap(text -> HttpDates.parse(text, received));
  }
}
