package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which answers are stored, and how. Source: RFC 9111, section 3. */
public final class Storing {
  /** How long an answer that Discord could confirm is kept for that, once it is not fresh. */
  private static final Duration VALIDATABLE = Duration.ofMinutes(5);

  /** Conditions that only Discord can judge, and parts, of which we keep none. */
  private static final Set<String> BEYOND_US =
      Set.of("if-match", "if-range", "if-unmodified-since", "range");

  private Storing() {}

  /**
   * Whether the cache has any part in this request: if not, it is neither answered from what is
   * stored, nor together with others, nor is its answer stored.
   */
  public static boolean concerns(ProxyRequest request) {
    return request.method().is("GET")
        && request.body().isEmpty()
        && BEYOND_US.stream().noneMatch(request.headers()::contains)
        && !RequestDirectives.of(request.headers()).noStore();
  }

  /**
   * The answer as it is to be stored; empty if it must not be, or would be of no use.
   *
   * @param generations of its tags, read when the request started
   */
  public static Optional<StoredResponse> judge(
      Exchange exchange, Terms terms, List<String> generations) {
    ProxyRequest request = exchange.request();
    Headers answered = exchange.answer().headers();
    ResponseDirectives directives = ResponseDirectives.of(answered);
    if (!concerns(request)
        || !permits(exchange.answer().code(), directives, terms)
        || Vary.isUnpredictable(answered)
        || (terms.shared() && request.headers().contains("authorization"))) {
      return Optional.empty();
    }
    Freshness freshness = Freshness.of(exchange, directives, terms);
    return freshness
        .lifetime()
        .map(
            lifetime ->
                new StoredResponse(
                    kept(exchange, directives, terms),
                    exchange.received(),
                    freshness.initialAge(),
                    lifetime,
                    // What was not there may be there by now: nobody is to be told otherwise by
                    // an answer whose time is over.
                    directives.refusesStale(terms.shared()) || terms.whateverStatus(),
                    directives.noCache(),
                    directives.staleIfError(),
                    directives.staleWhileRevalidate(),
                    Vary.selecting(answered, request.headers()),
                    generations))
        .filter(Storing::isOfUse);
  }

  /**
   * The answer to whatever request, as it is kept for this long where it says that what was asked
   * for is gone for good.
   */
  public static StoredResponse goneForGood(
      ProxyResponse.Http answer, Instant received, Duration lifetime) {
    Headers headers = KeptFields.of(answer.headers(), Set.of(), false);
    return new StoredResponse(
        new ProxyResponse.Http(
            answer.code(), dated(headers, received), answer.url(), answer.body()),
        received,
        Duration.ZERO,
        lifetime,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Whether there can be a request that it answers, if only after an error of Discord. */
  private static boolean isOfUse(StoredResponse stored) {
    if (Validation.isPossible(stored.answer())) {
      return true;
    }
    if (stored.noCache()) {
      return false;
    }
    return stored.mustRevalidate()
        ? stored.lifetime().compareTo(stored.initialAge()) > 0
        : stored.lifetime().isPositive()
            || stored.staleIfError().orElse(Duration.ZERO).isPositive()
            || stored.staleWhileRevalidate().orElse(Duration.ZERO).isPositive();
  }

  private static boolean permits(int code, ResponseDirectives directives, Terms terms) {
    // An error that says how long it is fresh is more often of something before Discord's making.
    boolean known = Statuses.isHeuristicallyCacheable(code);
    if (!Statuses.isFinal(code)
        || !(known || terms.isStrict() || terms.whateverStatus())
        || (terms.shared() && directives.isPrivate())) {
      return false;
    }
    return directives.mustUnderstand() ? known : !directives.noStore();
  }

  private static ProxyResponse.Http kept(
      Exchange exchange, ResponseDirectives directives, Terms terms) {
    ProxyResponse.Http answer = exchange.answer();
    var withheld = new HashSet<>(directives.noCacheFields());
    if (terms.shared()) {
      withheld.addAll(directives.privateFields());
    }
    Headers headers = KeptFields.of(answer.headers(), withheld, terms.isStrict());
    return new ProxyResponse.Http(
        answer.code(), dated(headers, exchange.received()), answer.url(), answer.body());
  }

  /** Source: RFC 9110, section 6.6.1. */
  private static Headers dated(Headers headers, Instant received) {
    return headers.first("date").flatMap(text -> HttpDates.parse(text, received)).isPresent()
        ? headers
        : headers.without("date"::equals).with("date", HttpDates.text(received));
  }

  /**
   * How long after its reception an answer can be of use; zero if these limits leave no use for it.
   *
   * @param limits those of its route
   */
  public static Duration keptFor(StoredResponse stored, StaleLimits limits) {
    Duration left = stored.lifetime().minus(stored.initialAge());
    Duration kept =
        Validation.isPossible(stored.answer())
            ? DeltaSeconds.bounded(left).plus(VALIDATABLE)
            : Duration.ZERO;
    return stored.noCache()
        ? kept
        : longer(kept, DeltaSeconds.bounded(left.plus(staleFor(stored, limits))));
  }

  private static Duration staleFor(StoredResponse stored, StaleLimits limits) {
    if (stored.mustRevalidate()) {
      return Duration.ZERO;
    }
    Duration onError = stored.staleIfError().orElse(limits.onError());
    Duration refreshing = stored.staleWhileRevalidate().orElse(Duration.ZERO);
    return longer(limits.whileLimited(), longer(onError, refreshing));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
