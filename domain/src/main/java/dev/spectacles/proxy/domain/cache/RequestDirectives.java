package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.util.Optional;

/**
 * What a caller asks of the cache. Sources: RFC 9111, sections 5.2.1 and 5.4; RFC 5861.
 *
 * @param noCache nothing stored, unless Discord confirms it now; also by {@code Pragma}, where
 *     there is no {@code Cache-Control}
 * @param noStore neither request nor answer are stored; we do not look for a stored one either
 * @param onlyIfCached a stored answer or none: 504
 * @param maxAge greatest age
 * @param minFresh shortest time that the answer stays fresh
 * @param maxStale longest time since the answer was fresh; about 68 years for "any"
 * @param staleIfError the same, where Discord cannot be asked
 */
public record RequestDirectives(
    boolean noCache,
    boolean noStore,
    boolean onlyIfCached,
    Optional<Duration> maxAge,
    Optional<Duration> minFresh,
    Optional<Duration> maxStale,
    Optional<Duration> staleIfError) {

  /** The directives of a request; what cannot be read counts as what permits least. */
  public static RequestDirectives of(Headers headers) {
    Directives directives = Directives.of(headers);
    return new RequestDirectives(
        headers.contains("cache-control") ? directives.has("no-cache") : isPragmaNoCache(headers),
        directives.has("no-store"),
        directives.has("only-if-cached"),
        directives.seconds("max-age"),
        directives.seconds("min-fresh", DeltaSeconds.LONGEST, DeltaSeconds.LONGEST),
        directives.seconds("max-stale", DeltaSeconds.LONGEST, Duration.ZERO),
        directives.seconds("stale-if-error"));
  }

  private static boolean isPragmaNoCache(Headers headers) {
    return FieldLists.members(headers, "pragma").stream().anyMatch("no-cache"::equalsIgnoreCase);
  }

  /** Whether the caller wants nothing that is not fresh any more, whatever the occasion. */
  boolean refusesStale() {
    return noCache || minFresh.isPresent() || (maxAge.isPresent() && maxStale.isEmpty());
  }
}
