package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.Flights.Flight;
import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.CacheKeys;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.cache.RequestDirectives;
import dev.spectacles.proxy.domain.cache.Reuse;
import dev.spectacles.proxy.domain.cache.Reuse.Occasion;
import dev.spectacles.proxy.domain.cache.RouteRule;
import dev.spectacles.proxy.domain.cache.Sharing;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.cache.Validation;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.Wishes;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A GET that is answered from what is stored, together with others, or by Discord. */
final class CachedGet implements HandleRequest.Turn {
  /**
   * What is asked.
   *
   * @param rule of its route; not one whose answers are not even shared
   */
  record Asked(
      ProxyRequest request, Route route, RouteRule rule, Wishes wishes, Deadline deadline) {
    boolean isStorable() {
      return rule.storage() == RouteRule.Storage.STORE;
    }

    /**
     * The deadline; a little sooner where something is to be given then, as it has to get there.
     */
    Deadline deadline(boolean sooner, long now) {
      return deadline
          .remaining(now)
          .filter(left -> sooner)
          .map(
              left ->
                  left.minus(
                      ON_THE_WAY.compareTo(left.dividedBy(10)) < 0
                          ? ON_THE_WAY
                          : left.dividedBy(10)))
          .map(left -> Deadline.after(left, now))
          .orElse(deadline);
    }

    /**
     * The request in this form, to wait no longer than that for its turn; as it is where that is
     * not said.
     */
    ProxyRequest waiting(ProxyRequest form, Optional<Duration> atMost) {
      return atMost.isEmpty()
          ? form
          : form.with(new Wishes(wishes.priority(), atMost).in(form.headers()));
    }
  }

  /** An answer that was stored gets to its caller in this time. */
  private static final Duration ON_THE_WAY = Duration.ofMillis(250);

  private static final Duration LONGEST_REFRESH = Duration.ofSeconds(30);

  /** So many that brought nothing are followed: one after another, they would take for ever. */
  private static final int MOST_FOLLOWED = 3;

  private final CacheParts parts;
  private final Asked asked;
  private final RequestDirectives directives;

  /** When the maximum wait is over, whatever it was spent on. */
  private final Deadline patience;

  private final boolean refreshing;

  private CachedGet(CacheParts parts, Asked asked, boolean refreshing) {
    this.parts = parts;
    this.asked = asked;
    this.patience =
        asked
            .wishes()
            .maxWait()
            .map(wait -> Deadline.after(wait, parts.clock().nanoTime()))
            .orElse(Deadline.none());
    this.directives = RequestDirectives.of(asked.request().headers());
    this.refreshing = refreshing;
  }

  /** For a caller. */
  CachedGet(CacheParts parts, Asked asked) {
    this(parts, asked, false);
  }

  /** The same at low priority and for nobody, to refresh what is stored. */
  static CachedGet refreshing(CacheParts parts, Asked asked) {
    ProxyRequest request = asked.request();
    var wishes = new Wishes(Priority.LOW, Optional.empty());
    var plain = request.with(wishes.in(request.headers().without("cache-control"::equals)));
    Deadline deadline = Deadline.after(LONGEST_REFRESH, parts.clock().nanoTime());
    return new CachedGet(
        parts, new Asked(plain, asked.route(), asked.rule(), wishes, deadline), true);
  }

  @Override
  public ProxyResponse await(HandleRequest.SentMarker marker) throws InterruptedException {
    Optional<CacheKeys> keys = parts.cache().keys(asked.deadline());
    if (keys.isEmpty()) {
      return alone(marker);
    }
    String scope = keys.get().scope(asked.request().headers());
    CacheKey key =
        keys.get()
            .key(
                scope,
                asked.request(),
                parts.settings().apiVersion(),
                asked.rule().variantHeaders());
    List<String> tags = parts.tags(scope, asked.request());
    int followed = 0;
    while (true) {
      int landings = parts.flights().landings(key);
      Optional<Lookup> found = parts.cache().lookup(key, tags, asked.deadline());
      if (found.isEmpty()) {
        return alone(marker);
      }
      Reuse reuse = reuse(found.get());
      Optional<ProxyResponse.Http> hit = hit(key, found.get(), reuse);
      if (hit.isPresent()) {
        return hit.get();
      }
      if (directives.onlyIfCached()) {
        return onlyIfCached(parts, asked.request(), asked.route());
      }
      var fetch = new Fetch(parts, asked, patience, key, found.get(), reuse, !refreshing, marker);
      if (followed == MOST_FOLLOWED) {
        return answer(fetch.run().answer());
      }
      var flightKey =
          Flights.Key.of(
              key,
              found.get().generations(),
              asked.wishes().priority(),
              isGoodFor(Occasion.LIMITED, reuse));
      Flights.Part part =
          directives.noCache()
              ? parts.flights().lead(flightKey, asked.request())
              : parts.flights().join(flightKey, asked.request(), landings);
      switch (part) {
        case Flights.Part.Leader(Flight flight) -> {
          return lead(flight, fetch);
        }
        case Flights.Part.Follower(Flight flight) -> {
          Optional<ProxyResponse> shared = follow(flight, fetch, found.get(), reuse);
          if (shared.isPresent()) {
            return shared.get();
          }
          followed++;
        }
        case Flights.Part.Alone() -> {
          return answer(fetch.run().answer());
        }
        case Flights.Part.Late() -> {}
      }
    }
  }

  private Reuse reuse(Lookup found) {
    Instant now = parts.clock().wallTime();
    return found
        .stored()
        .map(stored -> Reuse.judge(stored, asked.request(), now, parts.limits(asked.rule())))
        .orElseGet(() -> new Reuse.None(Forward.URI_MISS));
  }

  /** The stored answer, if it may be used as things are. */
  private Optional<ProxyResponse.Http> hit(CacheKey key, Lookup found, Reuse reuse) {
    if (found.stored().isEmpty()) {
      return Optional.empty();
    }
    StoredResponse stored = found.stored().get();
    return switch (reuse) {
      case Reuse.Fresh(Duration age, Duration ttl) -> {
        CacheSource source = isNegative(stored.answer()) ? CacheSource.NEGATIVE : CacheSource.REST;
        Detail detail = isNegative(stored.answer()) ? Detail.NEGATIVE : Detail.REST;
        yield Optional.of(given(stored.hit(age, CacheStatus.hit(ttl, detail)), source));
      }
      case Reuse.Stale stale when !refreshing && stale.occasions().contains(Occasion.ASKED) ->
          Optional.of(stale(stored, stale));
      case Reuse.Stale stale
          when !refreshing && stale.occasions().contains(Occasion.REFRESHING) -> {
        parts.refreshes().start(key, refreshing(parts, asked));
        yield Optional.of(stale(stored, stale));
      }
      case Reuse.Stale any -> Optional.empty();
      case Reuse.Validate any -> Optional.empty();
      case Reuse.None any -> Optional.empty();
    };
  }

  private ProxyResponse lead(Flight flight, Fetch fetch) throws InterruptedException {
    Flights.Landing landing = new Flights.Landing.Nothing();
    try {
      Fetch.Result result = fetch.run();
      landing = result.landing();
      return answer(result.answer());
    } finally {
      flight.land(landing);
    }
  }

  private ProxyResponse answer(Fetch.Answer answer) {
    return switch (answer) {
      case Fetch.Answer.Anew(ProxyResponse response, CacheStatus status) ->
          response instanceof ProxyResponse.Http http && !Answers.isMade(http)
              ? given(status.addTo(http), CacheSource.ORIGIN)
              : response;
      case Fetch.Answer.Stored(StoredResponse stored, Reuse.Stale stale, CacheStatus status) ->
          stale(stored, stale, status);
    };
  }

  /** What another's request brings; empty if this one has to see for itself. */
  private Optional<ProxyResponse> follow(Flight flight, Fetch fetch, Lookup found, Reuse reuse)
      throws InterruptedException {
    Deadline deadline = asked.deadline(isGoodFor(Occasion.ERROR, reuse), parts.clock().nanoTime());
    switch (flight.await(deadline.earlier(patience))) {
      case Flights.Landing.Shared(ProxyResponse.Http answer) when Answers.isMade(answer) -> {
        boolean anyAge = directives.maxAge().isEmpty() && directives.minFresh().isEmpty();
        if (anyAge) {
          count(CacheSource.GATEWAY);
        }
        return anyAge ? Optional.of(answer) : Optional.empty();
      }
      case Flights.Landing.Shared(ProxyResponse.Http answer)
          when Sharing.permits(answer, flight.request().headers(), asked.request().headers()) -> {
        CacheStatus status = CacheStatus.forwarded(forward(reuse), Detail.COALESCED).asCollapsed();
        return Optional.of(given(status.addTo(answer), CacheSource.COALESCED));
      }
      case Flights.Landing.Stale(Occasion occasion, CacheStatus status)
          when isGoodFor(occasion, reuse) -> {
        CacheStatus own = status.forwarded().isPresent() ? status.asCollapsed() : status;
        return Optional.of(stale(found.stored().orElseThrow(), (Reuse.Stale) reuse, own));
      }
      case Flights.Landing.NotInTime() -> {
        return Optional.of(
            deadline.hasPassed(parts.clock().nanoTime())
                ? tooLate(found, reuse)
                : answer(fetch.run().answer()));
      }
      case Flights.Landing any -> {
        return Optional.empty();
      }
    }
  }

  private ProxyResponse tooLate(Lookup found, Reuse reuse) {
    return isGoodFor(Occasion.ERROR, reuse)
        ? stale(found.stored().orElseThrow(), (Reuse.Stale) reuse)
        : Answers.timeout("the deadline passed while somebody else asked the same");
  }

  private boolean isGoodFor(Occasion occasion, Reuse reuse) {
    return !refreshing
        && reuse instanceof Reuse.Stale stale
        && stale.occasions().contains(occasion);
  }

  /** The cache has no part in it, as it cannot tell what is stored. */
  private ProxyResponse alone(HandleRequest.SentMarker marker) throws InterruptedException {
    if (directives.onlyIfCached()) {
      return onlyIfCached(parts, asked.request(), asked.route());
    }
    ProxyResponse response =
        parts
            .next()
            .handle(
                asked.waiting(asked.request(), patience.remaining(parts.clock().nanoTime())),
                asked.route(),
                asked.deadline(),
                marker);
    if (response instanceof ProxyResponse.Http http && !Answers.isMade(http)) {
      count(CacheSource.ORIGIN);
      return CacheStatus.forwarded(Forward.BYPASS, Detail.REST).addTo(http);
    }
    return response;
  }

  /** For who wants what is stored or nothing. Source for no status then: RFC 9211, section 2. */
  static ProxyResponse onlyIfCached(CacheParts parts, ProxyRequest request, Route route)
      throws InterruptedException {
    Optional<ProxyResponse.Http> other = parts.other().cached(request, route);
    return other.isPresent() ? other.get() : Answers.nothingStored(parts.url(request));
  }

  private ProxyResponse.Http stale(StoredResponse stored, Reuse.Stale stale) {
    return stale(stored, stale, CacheStatus.hit(Detail.REST));
  }

  private ProxyResponse.Http stale(StoredResponse stored, Reuse.Stale stale, CacheStatus status) {
    return given(stored.hit(stale.age(), status.fresh(stale.ttl())), CacheSource.STALE);
  }

  /** The answer as this caller gets it, which may have it already. */
  private ProxyResponse.Http given(ProxyResponse.Http answer, CacheSource source) {
    count(source);
    return asked.isStorable()
        ? Validation.notModified(answer, asked.request().headers(), parts.clock().wallTime())
            .orElse(answer)
        : answer;
  }

  /** What nobody asked for is not counted as answered. */
  private void count(CacheSource source) {
    if (!refreshing) {
      parts.answered(asked.route(), source);
    }
  }

  static Forward forward(Reuse reuse) {
    return switch (reuse) {
      case Reuse.Fresh any -> Forward.REQUEST;
      case Reuse.Stale any -> Forward.STALE;
      case Reuse.Validate(Forward why) -> why;
      case Reuse.None(Forward why) -> why;
    };
  }

  private static boolean isNegative(ProxyResponse.Http answer) {
    return answer.code() >= 400;
  }
}
