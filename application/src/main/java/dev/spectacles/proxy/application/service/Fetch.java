package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.CacheKeys;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.Exchange;
import dev.spectacles.proxy.domain.cache.Reuse;
import dev.spectacles.proxy.domain.cache.Reuse.Occasion;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.cache.Storing;
import dev.spectacles.proxy.domain.cache.Terms;
import dev.spectacles.proxy.domain.cache.Validation;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Has Discord asked once, or lets a stored answer do, and stores what may be stored. */
final class Fetch {
  /** What the caller gets. */
  sealed interface Answer {
    /** What Discord or the proxy says now. */
    record Anew(ProxyResponse response, CacheStatus status) implements Answer {}

    /** What was stored, which is not fresh any more. */
    record Stored(StoredResponse response, Reuse.Stale stale, CacheStatus status)
        implements Answer {}
  }

  /**
   * What came of it.
   *
   * @param landing for others who asked the same
   */
  record Result(Answer answer, Flights.Landing landing) {}

  /** A longer wait for the rate limit is noticed. */
  private static final Duration NOTICEABLE = Duration.ofMillis(500);

  /** So long a failed request is tried again, though there is an answer to give instead. */
  private static final Duration TRYING = Duration.ofSeconds(1);

  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_ERROR = 400;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int FIRST_SERVER_ERROR = 500;

  private final CacheParts parts;
  private final CachedGet.Asked asked;
  private final Deadline patience;
  private final CacheKey key;
  private final Lookup found;
  private final Reuse reuse;
  private final boolean mayBeStale;
  private final HandleRequest.SentMarker marker;
  private final long lookedUp;

  /**
   * Not begun yet.
   *
   * @param patience when its maximum wait is over
   * @param marker of the caller, who hears of the sending
   */
  Fetch(
      CacheParts parts,
      CachedGet.Asked asked,
      Deadline patience,
      CacheKey key,
      Lookup found,
      Reuse reuse,
      boolean mayBeStale,
      HandleRequest.SentMarker marker) {
    this.parts = parts;
    this.asked = asked;
    this.patience = patience;
    this.key = key;
    this.found = found;
    this.reuse = reuse;
    this.mayBeStale = mayBeStale;
    this.marker = marker;
    this.lookedUp = parts.clock().nanoTime();
  }

  Result run() throws InterruptedException {
    Optional<StoredResponse> known =
        reuse instanceof Reuse.None ? Optional.empty() : found.stored();
    Optional<Headers> conditional =
        known.flatMap(stored -> Validation.conditional(stored, asked.request().headers()));
    return conditional.isPresent()
        ? fetch(asked.request().with(conditional.get()), known)
        : fetch(asked.request().with(unconditional()), Optional.empty());
  }

  private Headers unconditional() {
    return asked.isStorable()
        ? Validation.unconditional(asked.request().headers())
        : asked.request().headers();
  }

  /**
   * Asks Discord.
   *
   * @param validated what Discord is asked to confirm
   */
  private Result fetch(ProxyRequest request, Optional<StoredResponse> validated)
      throws InterruptedException {
    boolean impatient = mayUse(Occasion.LIMITED);
    var sent = new SendTime();
    Deadline deadline = asked.deadline(mayUse(Occasion.ERROR), parts.clock().nanoTime());
    ProxyResponse response =
        parts.next().handle(timed(request, impatient), asked.route(), deadline, sent);
    if (!(response instanceof ProxyResponse.Http answer)) {
      return mayUse(Occasion.ERROR) ? stored(Occasion.ERROR, sent.status()) : unshared(response);
    }
    if (impatient && answer.code() == TOO_MANY_REQUESTS) {
      parts.refreshes().start(key, CachedGet.refreshing(parts, asked));
      return stored(Occasion.LIMITED, sent.status(answer));
    }
    if (Answers.isMade(answer)) {
      return answer.code() < FIRST_ERROR ? told(answer) : unshared(answer);
    }
    if (answer.code() >= FIRST_SERVER_ERROR && mayUse(Occasion.ERROR)) {
      return stored(Occasion.ERROR, sent.status(answer));
    }
    if (answer.code() == NOT_MODIFIED && validated.isPresent()) {
      Optional<ProxyResponse.Http> confirmed = Validation.confirmed(validated.get(), answer);
      return confirmed.isPresent()
          ? kept(confirmed.get(), sent, status().answered(NOT_MODIFIED))
          : fetch(asked.request().with(unconditional()), Optional.empty());
    }
    return kept(answer, sent, status());
  }

  /** Stores the answer where that is permitted and of use. */
  private Result kept(ProxyResponse.Http answer, SendTime sent, CacheStatus status)
      throws InterruptedException {
    Instant now = parts.clock().wallTime();
    Optional<Terms> terms = terms(answer, now);
    boolean settled = !found.bumpedWithin(parts.settings().settle(), sent.afterLookup());
    Optional<StoredResponse> toStore =
        settled
            ? terms.flatMap(
                t ->
                    Storing.judge(
                        new Exchange(asked.request(), answer, sent.at(), now), t, found.values()))
            : Optional.empty();
    CacheStatus told = status;
    if (toStore.isPresent()) {
      Duration kept = Storing.keptFor(toStore.get(), parts.limits(asked.rule()));
      if (kept.isPositive() && parts.cache().put(key, toStore.get(), kept, asked.deadline())) {
        told = status.asStored(toStore.get().lifetime().minus(toStore.get().initialAge()));
      }
    }
    boolean shareable = answer.code() != TOO_MANY_REQUESTS && answer.code() != NOT_MODIFIED;
    return new Result(
        new Answer.Anew(answer, told),
        shareable ? new Flights.Landing.Shared(answer) : new Flights.Landing.Nothing());
  }

  private Optional<Terms> terms(ProxyResponse.Http answer, Instant now) {
    boolean shared = key.scope().equals(CacheKeys.ANONYMOUS);
    if (parts.settings().strict()) {
      return Optional.of(Terms.strict(shared));
    }
    if (answer.code() >= FIRST_ERROR) {
      return parts
          .negatives()
          .lifetimeOf(asked.request().path(), answer, now)
          .map(ttl -> Terms.breaker(shared, ttl));
    }
    return asked.isStorable()
        ? Optional.of(Terms.table(shared, asked.rule().ttl()))
        : Optional.empty();
  }

  private boolean mayUse(Occasion occasion) {
    return mayBeStale
        && found.stored().isPresent()
        && reuse instanceof Reuse.Stale stale
        && stale.occasions().contains(occasion);
  }

  private Result stored(Occasion occasion, CacheStatus status) {
    return new Result(
        new Answer.Stored(found.stored().orElseThrow(), (Reuse.Stale) reuse, status),
        new Flights.Landing.Stale(occasion, status));
  }

  /** What the gateway told is good for all who ask, but is not stored here. */
  private Result told(ProxyResponse.Http answer) {
    return new Result(new Answer.Anew(answer, status()), new Flights.Landing.Shared(answer));
  }

  private Result unshared(ProxyResponse response) {
    return new Result(new Answer.Anew(response, status()), new Flights.Landing.Nothing());
  }

  private CacheStatus status() {
    return CacheStatus.forwarded(CachedGet.forward(reuse), Detail.REST);
  }

  private ProxyRequest timed(ProxyRequest request, boolean impatient) {
    Optional<Duration> left = patience.remaining(parts.clock().nanoTime());
    return asked.waiting(
        request,
        impatient
            ? Optional.of(left.filter(own -> own.compareTo(NOTICEABLE) < 0).orElse(NOTICEABLE))
            : left);
  }

  /** When the request was sent last: what came back is no older. */
  private final class SendTime implements HandleRequest.SentMarker {
    private volatile Instant at = parts.clock().wallTime();
    private volatile Duration afterLookup = Duration.ZERO;
    private volatile Optional<Long> first = Optional.empty();

    @Override
    public void mark() {}

    @Override
    public void sending() {
      marker.sending();
      at = parts.clock().wallTime();
      long now = parts.clock().nanoTime();
      afterLookup = Duration.ofNanos(now - lookedUp);
      first = Optional.of(first.orElse(now));
    }

    @Override
    public void waitingAgain() throws InterruptedException {
      marker.waitingAgain();
    }

    /** Nobody waits long for a Discord that hangs or is down, if there is an answer to give. */
    @Override
    public boolean again(Duration pause) {
      return marker.again(pause)
          && (!mayUse(Occasion.ERROR)
              || first.isEmpty()
              || Deadline.after(TRYING, first.get()).allows(pause, parts.clock().nanoTime()));
    }

    /** Of a stored answer, given after no answer came. */
    CacheStatus status() {
      return first.isPresent()
          ? CacheStatus.forwarded(CachedGet.forward(reuse), Detail.REST)
          : CacheStatus.hit(Detail.REST);
    }

    /** Of a stored answer, given in place of this one. */
    CacheStatus status(ProxyResponse.Http instead) {
      return Answers.isMade(instead) ? status() : status().answered(instead.code());
    }

    Instant at() {
      return at;
    }

    Duration afterLookup() {
      return afterLookup;
    }
  }
}
