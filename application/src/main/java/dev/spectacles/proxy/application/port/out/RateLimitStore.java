package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Remembers what is left of each rate limit, shared by every proxy that uses the same store.
 *
 * <p>Thread-safe. Methods may block and respond to interruption. A lease that is neither released
 * nor renewed expires after {@link #leaseTime} and then counts as used. Implementations pass {@code
 * RateLimitStoreContract}.
 */
public interface RateLimitStore extends AutoCloseable {
  /** Hears when something was given back. Must return quickly. */
  interface Listener {
    /** A request of the bucket may be sent after this delay, sooner than a hold said before. */
    void available(TokenId token, BucketKey bucket, Duration delay);
  }

  /**
   * Decides claims of one caller, in their order, in one step.
   *
   * @return one answer per claim
   * @throws StoreException if the store cannot decide now
   */
  List<Grant> claim(TokenId token, List<Claim> claims) throws InterruptedException;

  /**
   * Notes that a request is sent now, not when it was granted or last noted: too long ago for the
   * global limit to be kept.
   *
   * @return whether the lease is still held: a request whose lease expired must not be sent on it
   */
  boolean restamp(Lease lease) throws InterruptedException;

  /** Keeps leases from expiring for another {@link #leaseTime}. */
  void renew(List<Lease> leases) throws InterruptedException;

  /**
   * Gives a lease back; a lease that expired meanwhile still teaches what the outcome tells.
   *
   * @param late how much later than noted the request was sent, for the global limit
   */
  void release(Lease lease, Outcome outcome, Duration late) throws InterruptedException;

  /** Gives a lease back whose request was sent when that was noted, or not at all. */
  default void release(Lease lease, Outcome outcome) throws InterruptedException {
    release(lease, outcome, Duration.ZERO);
  }

  /**
   * Notes that Discord permits this caller more requests per second than others, or no more any
   * longer; has no effect on a caller whose limit is configured.
   *
   * @param limit requests per second; 0 for as many as others
   */
  void learnGlobalLimit(TokenId token, int limit) throws InterruptedException;

  /**
   * What is known of the buckets that govern these routes now; changes nothing.
   *
   * @return one status per route
   */
  List<BucketStatus> peek(TokenId token, List<Route> routes) throws InterruptedException;

  /** How many instances share the store, as last counted; at least 1. */
  default int instances() {
    return 1;
  }

  /** How long the store has not answered, if it does not. */
  default Optional<Duration> unreachableFor() {
    return Optional.empty();
  }

  /** How long the store has been back, if it was away for at least so long. */
  default Optional<Duration> backFrom(Duration outage) {
    return Optional.empty();
  }

  /** How long a lease lives. */
  Duration leaseTime();

  /** Tells this listener, and no other, what is given back from now on. */
  void listen(Listener listener);

  @Override
  void close();
}
