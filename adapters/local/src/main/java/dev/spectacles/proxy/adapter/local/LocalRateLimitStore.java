package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Rate limits in memory, of this process alone or of several limiters in it that share them.
 *
 * <p>No lock is held while a listener is called.
 */
public final class LocalRateLimitStore implements RateLimitStore {
  /** No shared store has leases with larger ids: doubles must hold them exactly. */
  private static final long LARGEST_OF_OTHERS = 1L << 53;

  private final LocalLimits limits;
  private final String instance;

  /** Store of a single limiter. */
  public LocalRateLimitStore(Clock clock, GlobalLimits globalLimits) {
    this(new LocalLimits(clock, globalLimits), "local");
  }

  /**
   * Store of a single limiter that may use only a part of each limit.
   *
   * @param parts into how many equal parts each limit is divided now; at least 1
   */
  public static LocalRateLimitStore ofPart(
      Clock clock, GlobalLimits globalLimits, IntSupplier parts) {
    return new LocalRateLimitStore(
        new LocalLimits(clock, globalLimits, parts, LARGEST_OF_OTHERS), "alone");
  }

  /**
   * Store of one of several limiters.
   *
   * @param instance its name, unique among them
   */
  LocalRateLimitStore(LocalLimits limits, String instance) {
    this.limits = limits;
    this.instance = instance;
  }

  /** Store of another limiter, of this name, that shares the limits of this one. */
  public LocalRateLimitStore sharedWith(String another) {
    return new LocalRateLimitStore(limits, another);
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) {
    TokenLimits.Decision decision =
        limits.with(
            token, known -> known.claim(instance, claims, limits.micros(), limits::nextLeaseId));
    limits.tell(token, decision.openings());
    return decision.grants();
  }

  @Override
  public boolean restamp(Lease lease) {
    return limits.with(lease.token(), known -> known.restamp(lease, limits.micros()));
  }

  @Override
  public void renew(List<Lease> leases) {
    for (Lease lease : leases) {
      limits.with(lease.token(), known -> known.renew(lease, limits.micros()));
    }
  }

  @Override
  public void release(Lease lease, Outcome outcome) {
    release(lease, outcome, Duration.ZERO);
  }

  @Override
  public void release(Lease lease, Outcome outcome, Duration late) {
    release(lease, outcome, late, Duration.ZERO);
  }

  /**
   * Gives a lease back whose outcome was known earlier.
   *
   * @param late how much later than noted the request was sent
   * @param age how long ago the answer arrived
   */
  public void release(Lease lease, Outcome outcome, Duration late, Duration age) {
    List<TokenLimits.Opening> openings =
        limits.with(
            lease.token(),
            known -> {
              long now = limits.micros();
              return known.release(
                  lease, outcome, late.toNanos() / 1_000, now - age.toNanos() / 1_000, now);
            });
    limits.tell(lease.token(), openings);
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) {
    if (limits.globalLimits().isSetFor(token)) {
      return;
    }
    int atLeast = Math.max(limit, limits.globalLimits().of(token));
    limits.with(
        token,
        known -> {
          known.globalLimit(atLeast);
          return known;
        });
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) {
    return limits.with(
        token, known -> routes.stream().map(route -> known.peek(route, limits.micros())).toList());
  }

  @Override
  public Duration leaseTime() {
    return LocalLimits.LEASE_TIME;
  }

  @Override
  public void listen(Listener listener) {
    limits.listen(instance, listener);
  }

  /** Number of callers, buckets and routes remembered, for tests of its bounds. */
  int size() {
    return limits.size();
  }

  @Override
  public void close() {
    limits.forget(instance);
  }
}
