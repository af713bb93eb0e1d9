package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * On which terms an answer may be stored.
 *
 * @param shared whether for everybody (RFC 9111's shared cache) or for one credential only (a
 *     private cache)
 * @param ttl lifetime of an answer that does not tell its own; empty in the strict profile, where
 *     such an answer is fresh for a tenth of the time since it changed
 * @param whateverStatus whether that lifetime also holds for a status that HTTP has no such rule
 *     for
 */
public record Terms(boolean shared, Optional<Duration> ttl, boolean whateverStatus) {
  public Terms {
    requireNonNull(ttl, "ttl");
    if (ttl.isPresent() && !ttl.get().isPositive()) {
      throw new IllegalArgumentException("ttl: %s (expected: > 0)".formatted(ttl.get()));
    }
  }

  /** What RFC 9111 says, and nothing else: every header is kept, and every final status. */
  public static Terms strict(boolean shared) {
    return new Terms(shared, Optional.empty(), false);
  }

  /** The lifetime that the table of routes or of negative answers has. */
  public static Terms table(boolean shared, Duration ttl) {
    return new Terms(shared, Optional.of(ttl), false);
  }

  /** The same for an answer that keeps callers from asking in vain, such as a 403. */
  public static Terms breaker(boolean shared, Duration ttl) {
    return new Terms(shared, Optional.of(ttl), true);
  }

  boolean isStrict() {
    return ttl.isEmpty();
  }
}
