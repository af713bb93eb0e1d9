package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Store that goes on alone, with its part of each limit, while the shared one cannot be reached.
 * Thread-safe.
 *
 * <p>The part learns from every answer all the time, so that it knows the limits when it is needed.
 * The shared store is told of what was sent meanwhile when it is back; until that has been counted
 * nothing goes out, so that there is no burst.
 */
public final class DegradingRateLimitStore implements RateLimitStore {
  private static final Logger LOG = LoggerFactory.getLogger(DegradingRateLimitStore.class);

  /** A shorter outage is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * Longer than the window of the global limit, and than instances differ in when they notice that
   * the shared store is back.
   */
  private static final Duration SETTLING = Duration.ofSeconds(4);

  private final RateLimitStore shared;
  private final RateLimitStore part;
  private final Clock clock;
  private final ProxyEvents events;

  /** Leases of the part that are out. */
  private final Set<Lease> ofPart = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private boolean degraded;
  private long grantedAlone;

  /**
   * Both stores; closes neither.
   *
   * @param part grants this instance's part of each limit; its leases have other ids
   */
  public DegradingRateLimitStore(
      RateLimitStore shared, RateLimitStore part, Clock clock, ProxyEvents events) {
    this.shared = shared;
    this.part = part;
    this.clock = clock;
    this.events = events;
    this.grantedAlone = clock.nanoTime() - SETTLING.toNanos();
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) throws InterruptedException {
    if (isDegraded()) {
      List<Grant> grants = part.claim(token, claims);
      grants.forEach(grant -> ofPart.addAll(grant.leases()));
      return grants;
    }
    return shared.claim(token, claims);
  }

  @Override
  public boolean restamp(Lease lease) throws InterruptedException {
    return storeOf(lease).restamp(lease);
  }

  @Override
  public void renew(List<Lease> leases) throws InterruptedException {
    List<Lease> own = leases.stream().filter(ofPart::contains).toList();
    if (!own.isEmpty()) {
      part.renew(own);
    }
    List<Lease> others = leases.stream().filter(lease -> !ofPart.contains(lease)).toList();
    if (others.isEmpty()) {
      return;
    }
    if (shared.unreachableFor().isPresent()) {
      // To ask it would only hold up what goes on without it.
      throw new StoreException("the shared store is away");
    }
    shared.renew(others);
  }

  /** Both learn from it, whichever granted the lease. */
  @Override
  public void release(Lease lease, Outcome outcome, Duration late) throws InterruptedException {
    ofPart.remove(lease);
    part.release(lease, outcome, late);
    shared.release(lease, outcome, late);
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) throws InterruptedException {
    part.learnGlobalLimit(token, limit);
    shared.learnGlobalLimit(token, limit);
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) throws InterruptedException {
    return shared.unreachableFor().isPresent()
        ? part.peek(token, routes)
        : shared.peek(token, routes);
  }

  @Override
  public Duration leaseTime() {
    return shared.leaseTime().compareTo(part.leaseTime()) < 0
        ? shared.leaseTime()
        : part.leaseTime();
  }

  @Override
  public void listen(Listener listener) {
    shared.listen(listener);
    part.listen(listener);
  }

  @Override
  public void close() {}

  private RateLimitStore storeOf(Lease lease) {
    return ofPart.contains(lease) ? part : shared;
  }

  /** Whether the part decides now; {@link StoreException} if neither can. */
  private boolean isDegraded() {
    boolean away =
        shared.unreachableFor().filter(time -> time.compareTo(PATIENCE) >= 0).isPresent();
    lock.lock();
    try {
      if (away != degraded) {
        degraded = away;
        turned(away);
      }
      long now = clock.nanoTime();
      if (degraded) {
        grantedAlone = now;
      } else if (now - grantedAlone < SETTLING.toNanos() || othersWereAlone()) {
        throw new StoreException("the shared store is back, what was sent alone is being counted");
      }
      return degraded;
    } finally {
      lock.unlock();
    }
  }

  /** Also where this instance sent nothing meanwhile. */
  private boolean othersWereAlone() {
    return shared.backFrom(PATIENCE).filter(back -> back.compareTo(SETTLING) < 0).isPresent();
  }

  private void turned(boolean away) {
    events.degraded(away);
    if (away) {
      LOG.warn("rate limits are not shared now: this instance goes on with its part of each");
    } else {
      LOG.info("rate limits are shared again");
    }
  }
}
