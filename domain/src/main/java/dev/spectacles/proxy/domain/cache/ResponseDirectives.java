package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What Discord says to caches about an answer. Sources: RFC 9111, section 5.2.2; RFC 5861.
 *
 * @param noCache not to be used again unless Discord confirms it
 * @param noCacheFields the same, but of these fields only; names in lower case
 * @param isPrivate for one caller only
 * @param privateFields the same, but of these fields only; names in lower case
 * @param mustUnderstand storable if and only if its status is known, in spite of {@code no-store}
 */
public record ResponseDirectives(
    boolean noStore,
    boolean noCache,
    Set<String> noCacheFields,
    boolean isPrivate,
    Set<String> privateFields,
    boolean isPublic,
    boolean mustRevalidate,
    boolean proxyRevalidate,
    boolean mustUnderstand,
    Optional<Duration> maxAge,
    Optional<Duration> sMaxAge,
    Optional<Duration> staleIfError,
    Optional<Duration> staleWhileRevalidate) {
  public ResponseDirectives {
    noCacheFields = Set.copyOf(noCacheFields);
    privateFields = Set.copyOf(privateFields);
  }

  /** The directives of an answer; what cannot be read counts as what permits least. */
  public static ResponseDirectives of(Headers headers) {
    Directives directives = Directives.of(headers);
    return new ResponseDirectives(
        directives.has("no-store"),
        directives.isUnqualified("no-cache"),
        directives.fields("no-cache"),
        directives.isUnqualified("private"),
        directives.fields("private"),
        directives.has("public"),
        directives.has("must-revalidate"),
        directives.has("proxy-revalidate"),
        directives.has("must-understand"),
        directives.seconds("max-age"),
        directives.seconds("s-maxage"),
        directives.seconds("stale-if-error"),
        directives.seconds("stale-while-revalidate"));
  }

  /**
   * Whether the answer must not be used once it is not fresh any more.
   *
   * @param shared whether the cache serves more than one caller
   */
  boolean refusesStale(boolean shared) {
    return mustRevalidate || (shared && (proxyRevalidate || sMaxAge.isPresent()));
  }
}
