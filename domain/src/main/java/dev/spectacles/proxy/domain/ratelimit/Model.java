package dev.spectacles.proxy.domain.ratelimit;

/** How Discord refills a bucket; its headers do not say which. */
public enum Model {
  /** Not known yet: treated as fixed, which is safe for both. */
  UNKNOWN,
  /** All at once, when a window that the first request opened is over. */
  FIXED,
  /** One request at a time (GCRA): {@code Reset-After} is the time until it is completely full. */
  SLIDING
}
