package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * What the cache had to do with an answer, told by the header {@code cache-status}. Source: RFC
 * 9211.
 *
 * @param forwarded why Discord was asked; empty for a hit
 * @param forwardedStatus Discord's answer, where the caller gets another one
 * @param ttl how long the answer stays fresh; negative if it is not fresh any more
 * @param stored whether the answer was stored
 * @param collapsed whether one answer served several requests
 */
public record CacheStatus(
    Optional<Forward> forwarded,
    Optional<Integer> forwardedStatus,
    Optional<Duration> ttl,
    boolean stored,
    boolean collapsed,
    Detail detail) {
  private static final String HEADER = "cache-status";
  private static final String CACHE = "spectacles";

  /** Why Discord was asked. */
  public enum Forward {
    /** The cache has no part in such requests, or is told to have none in this one. */
    BYPASS("bypass"),
    /** Nothing was stored, or nothing that is still valid. */
    URI_MISS("uri-miss"),
    /** What was stored answers a request with other headers. */
    VARY_MISS("vary-miss"),
    /** What was stored is fresh, but not what the caller wants. */
    REQUEST("request"),
    /** What was stored had to be confirmed. */
    STALE("stale");

    private final String token;

    Forward(String token) {
      this.token = token;
    }

    /** As the header has it. */
    public String token() {
      return token;
    }
  }

  /** Where the answer is from. */
  public enum Detail {
    REST("rest"),
    NEGATIVE("negative"),
    COALESCED("coalesced"),
    /** What a bot's gateway told. */
    GATEWAY("gateway");

    private final String token;

    Detail(String token) {
      this.token = token;
    }

    /** As the header has it. */
    public String token() {
      return token;
    }
  }

  public CacheStatus {
    requireNonNull(forwarded, "forwarded");
    requireNonNull(forwardedStatus, "forwardedStatus");
    requireNonNull(ttl, "ttl");
    requireNonNull(detail, "detail");
  }

  /** Discord was not asked. */
  public static CacheStatus hit(Duration ttl, Detail detail) {
    return new CacheStatus(
        Optional.empty(), Optional.empty(), Optional.of(ttl), false, false, detail);
  }

  /** Discord was not asked, and how long the answer stays fresh is not known. */
  public static CacheStatus hit(Detail detail) {
    return new CacheStatus(
        Optional.empty(), Optional.empty(), Optional.empty(), false, false, detail);
  }

  /** Discord was asked. */
  public static CacheStatus forwarded(Forward why, Detail detail) {
    return new CacheStatus(
        Optional.of(why), Optional.empty(), Optional.empty(), false, false, detail);
  }

  /** The same where Discord answered so, but the caller gets another answer. */
  public CacheStatus answered(int status) {
    return new CacheStatus(forwarded, Optional.of(status), ttl, stored, collapsed, detail);
  }

  /** The same where the answer stays fresh for this long. */
  public CacheStatus fresh(Duration left) {
    return new CacheStatus(
        forwarded, forwardedStatus, Optional.of(left), stored, collapsed, detail);
  }

  /** The same where the answer was stored. */
  public CacheStatus asStored(Duration left) {
    return new CacheStatus(forwarded, forwardedStatus, Optional.of(left), true, collapsed, detail);
  }

  /** The same where the answer served several requests. */
  public CacheStatus asCollapsed() {
    return new CacheStatus(forwarded, forwardedStatus, ttl, stored, true, detail);
  }

  /** The answer with this header at its end, after those of the caches before us. */
  public ProxyResponse.Http addTo(ProxyResponse.Http answer) {
    return new ProxyResponse.Http(
        answer.code(), answer.headers().with(HEADER, text()), answer.url(), answer.body());
  }

  /** As the header has it. */
  public String text() {
    var text = new StringBuilder(CACHE);
    forwarded.ifPresentOrElse(
        why -> text.append("; fwd=").append(why.token()), () -> text.append("; hit"));
    forwardedStatus.ifPresent(status -> text.append("; fwd-status=").append(status));
    ttl.ifPresent(left -> text.append("; ttl=").append(left.toSeconds()));
    if (stored) {
      text.append("; stored");
    }
    if (collapsed) {
      text.append("; collapsed");
    }
    return text.append("; detail=").append(detail.token()).toString();
  }
}
