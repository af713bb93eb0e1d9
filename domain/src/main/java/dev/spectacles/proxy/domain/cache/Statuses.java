package dev.spectacles.proxy.domain.cache;

import java.util.Set;

/** What HTTP says of storing answers by their status. Source: RFC 9110, section 15.1. */
final class Statuses {
  /** Without 206: we keep no parts. */
  private static final Set<Integer> HEURISTICALLY_CACHEABLE =
      Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

  /** A part, an answer to a condition, and what RFC 6585 forbids to store. */
  private static final Set<Integer> NEVER = Set.of(206, 304, 429);

  private Statuses() {}

  /** Whether somebody else than Discord may tell how long such an answer is fresh. */
  static boolean isHeuristicallyCacheable(int code) {
    return HEURISTICALLY_CACHEABLE.contains(code);
  }

  /** Whether it is a complete, final answer. */
  static boolean isFinal(int code) {
    return code >= 200 && !NEVER.contains(code);
  }
}
