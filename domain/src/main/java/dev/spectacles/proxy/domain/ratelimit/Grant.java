package dev.spectacles.proxy.domain.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Answer to a {@link Claim}.
 *
 * @param bucket bucket that governs the route now
 * @param leases permissions granted, at most as many as were asked for
 * @param hold why there are fewer, if there are
 */
public record Grant(BucketKey bucket, List<Lease> leases, Optional<Hold> hold) {
  public Grant {
    leases = List.copyOf(leases);
  }

  /**
   * What stands in the way of more.
   *
   * @param delay when asking again makes sense, unless the store says sooner that something was
   *     given back
   * @param atLeast how long it will take in any case; zero if that is not known
   * @param limit requests per window that can follow, at best
   * @param window length of such a window; zero if unknown
   */
  public record Hold(Reach reach, Duration delay, Duration atLeast, int limit, Duration window) {
    /** Shortest time until a request can go out that has so many others before it. */
    public Duration atLeast(int others) {
      return limit < 1 ? atLeast : atLeast.plus(window.multipliedBy(others / limit));
    }
  }

  /** How much a hold stands in the way of. */
  public enum Reach {
    /** Routes with the same {@link dev.spectacles.proxy.domain.route.BlockKey}. */
    ROUTE,
    /** The bucket. */
    BUCKET,
    /** Everything of this caller that counts globally. */
    TOKEN,
    /** Everything of this caller: Discord does not accept its credentials. */
    CREDENTIALS,
    /** Everything from this address. */
    EGRESS
  }
}
