package dev.spectacles.proxy.domain.cache;

/** Where the answer to a GET came from. */
public enum CacheSource {
  /** Discord answered it. */
  ORIGIN,
  /** Discord answered the same request of somebody else just then. */
  COALESCED,
  /** It was stored and is still fresh. */
  REST,
  /** It was stored and is not fresh any more. */
  STALE,
  /** It was stored, and says that there is nothing. */
  NEGATIVE,
  /** A bot's gateway told it. */
  GATEWAY
}
