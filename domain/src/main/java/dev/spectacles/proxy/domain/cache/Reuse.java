package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a stored answer is good for. Sources: RFC 9111, sections 4 and 5.2; RFC 5861. */
public sealed interface Reuse {
  /** What may be the occasion for using an answer that is not fresh any more. */
  enum Occasion {
    /** None is needed: the caller said so. */
    ASKED,
    /** It is being refreshed at the same time: Discord said so. */
    REFRESHING,
    /** A noticeable wait for the rate limit. */
    LIMITED,
    /** Discord failed, or could not be reached. */
    ERROR
  }

  /**
   * May be used.
   *
   * @param ttl how long it stays fresh
   */
  record Fresh(Duration age, Duration ttl) implements Reuse {}

  /**
   * May be used on some occasions; otherwise, if Discord confirms it.
   *
   * @param ttl how long it stays fresh: zero or less
   */
  record Stale(Duration age, Duration ttl, Set<Occasion> occasions) implements Reuse {
    public Stale {
      occasions = Set.copyOf(occasions);
    }
  }

  /**
   * May be used if Discord confirms it, and on no other occasion.
   *
   * @param why {@code REQUEST} if the caller wants it so, {@code STALE} if Discord does
   */
  record Validate(Forward why) implements Reuse {}

  /** Is of no use for this request. */
  record None(Forward why) implements Reuse {}

  /**
   * What the answer is good for.
   *
   * @param limits those of its route
   */
  static Reuse judge(StoredResponse stored, ProxyRequest request, Instant now, StaleLimits limits) {
    if (!Storing.concerns(request)) {
      return new None(Forward.BYPASS);
    }
    if (!Vary.selecting(stored.answer().headers(), request.headers()).equals(stored.vary())) {
      return new None(Forward.VARY_MISS);
    }
    RequestDirectives asked = RequestDirectives.of(request.headers());
    if (stored.noCache()) {
      return new Validate(Forward.STALE);
    }
    Duration age = stored.age(now);
    Duration ttl = stored.lifetime().minus(age);
    if (asked.noCache() || exceeds(age, asked.maxAge()) || exceeds(asked.minFresh(), ttl)) {
      return new Validate(ttl.isPositive() ? Forward.REQUEST : Forward.STALE);
    }
    return ttl.isPositive()
        ? new Fresh(age, ttl)
        : new Stale(age, ttl, occasions(stored, asked, ttl.negated(), limits));
  }

  private static Set<Occasion> occasions(
      StoredResponse stored, RequestDirectives asked, Duration staleness, StaleLimits limits) {
    var occasions = EnumSet.noneOf(Occasion.class);
    if (stored.mustRevalidate() || asked.refusesStale()) {
      return occasions;
    }
    boolean tooStale = exceeds(staleness, asked.maxStale());
    if (asked.maxStale().isPresent() && !tooStale) {
      occasions.add(Occasion.ASKED);
    }
    if (tooStale) {
      // By a word of its own, the caller may take an older one instead of an error.
      if (isWithin(staleness, asked.staleIfError().orElse(Duration.ZERO))) {
        occasions.add(Occasion.ERROR);
      }
      return occasions;
    }
    Duration onError = asked.staleIfError().or(stored::staleIfError).orElse(limits.onError());
    if (isWithin(staleness, stored.staleWhileRevalidate().orElse(Duration.ZERO))) {
      occasions.add(Occasion.REFRESHING);
    }
    if (isWithin(staleness, limits.whileLimited())) {
      occasions.add(Occasion.LIMITED);
    }
    if (isWithin(staleness, onError)) {
      occasions.add(Occasion.ERROR);
    }
    return occasions;
  }

  private static boolean isWithin(Duration staleness, Duration window) {
    return window.isPositive() && staleness.compareTo(window) <= 0;
  }

  private static boolean exceeds(Duration time, Optional<Duration> limit) {
    return limit.isPresent() && time.compareTo(limit.get()) > 0;
  }

  private static boolean exceeds(Optional<Duration> time, Duration limit) {
    return time.isPresent() && time.get().compareTo(limit) > 0;
  }
}
