package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the queue of one caller on a thread of its own: claims for all who are due in one call,
 * hands out what is granted, and renews the leases of requests that take long.
 *
 * <p>Thread-safe. The lock is never held while the store is called.
 */
final class TokenPump implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenPump.class);

  /** A request that is written later than this after its grant counts from then on. */
  private static final Duration LATE = Duration.ofMillis(8);

  /** A grant that is older before anything is written is stamped anew first. */
  private static final Duration STALE = Duration.ofMillis(250);

  private static final Duration STORE_RETRY = Duration.ofMillis(250);

  /** How long requests wait for a store that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final TokenId token;
  private final RateLimitStore store;
  private final EgressGuard guard;
  private final Clock clock;
  private final StoreDelay delay;
  private final Lapse storeAway;
  private final Duration idleTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TokenQueue queue;

  /** Whether a request may be sent on a lease. */
  enum Freshness {
    /** It may. */
    FRESH,
    /** Once the lease is stamped anew. */
    OLD,
    /** No: the store may have given the lease up. */
    LOST
  }

  /**
   * Times of a lease that is out.
   *
   * @param stampedAt what the store noted, as far as this process can tell
   * @param late how much later the request was written, in nanoseconds; 0 if in time
   * @param validUntil when the store gives it up, unless it is renewed
   */
  private record Out(long stampedAt, long late, long renewAt, long validUntil) {
    boolean isOlderThan(Duration age, long now) {
      return now - stampedAt > age.toNanos();
    }
  }

  /** Leases that are out, the first to renew first. */
  private final Map<Lease, Out> leases = new LinkedHashMap<>();

  private boolean ended;

  TokenPump(
      TokenId token,
      TokenQueue queue,
      RateLimitStore store,
      EgressGuard guard,
      Clock clock,
      StoreDelay delay,
      Lapse storeAway,
      Duration idleTime) {
    this.token = token;
    this.queue = queue;
    this.store = store;
    this.guard = guard;
    this.clock = clock;
    this.delay = delay;
    this.storeAway = storeAway;
    this.idleTime = idleTime;
  }

  TokenId token() {
    return token;
  }

  /** Puts a request in line; false if this pump has ended, so that another has to do it. */
  boolean submit(Waiter waiter) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      queue.add(waiter, clock.nanoTime());
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a request out of line that gave up; false if it was settled before. */
  boolean withdraw(Waiter waiter) {
    lock.lock();
    try {
      return queue.remove(waiter, clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Shortest time that a request in line still has to wait; zero if that is not known. */
  Duration atLeast(Waiter waiter) {
    lock.lock();
    try {
      return queue.atLeast(waiter, clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Who waits for what. */
  Collection<TokenQueue.Waiting> waiting() {
    lock.lock();
    try {
      return queue.waiting(clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a request may be sent on this lease now. */
  Freshness freshness(Lease lease) {
    lock.lock();
    try {
      Out out = leases.get(lease);
      long now = clock.nanoTime();
      if (out == null || !out.isOlderThan(STALE, now)) {
        return Freshness.FRESH;
      }
      return now < out.validUntil() ? Freshness.OLD : Freshness.LOST;
    } finally {
      lock.unlock();
    }
  }

  /** The request of this lease is written now. */
  void written(Lease lease) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      leases.computeIfPresent(
          lease,
          (same, out) ->
              out.isOlderThan(LATE, now)
                  ? new Out(out.stampedAt(), now - out.stampedAt(), out.renewAt(), out.validUntil())
                  : out);
    } finally {
      lock.unlock();
    }
  }

  /** The store noted the request of this lease anew, not before that moment. */
  void stamped(Lease lease, long at) {
    lock.lock();
    try {
      leases.computeIfPresent(
          lease, (same, out) -> new Out(at + halfWay(), 0, out.renewAt(), out.validUntil()));
    } finally {
      lock.unlock();
    }
  }

  /** The lease is out no more: it need not be renewed. How late its request was written. */
  Duration returned(Lease lease) {
    lock.lock();
    try {
      Out out = leases.remove(lease);
      return out == null ? Duration.ZERO : Duration.ofNanos(out.late());
    } finally {
      lock.unlock();
    }
  }

  /** The request of this place is through. */
  void through(Route route, Place place) {
    lock.lock();
    try {
      queue.through(route, place, clock.nanoTime());
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The store says that requests of the bucket can be sent after this delay. */
  void available(BucketKey bucket, Duration delay) {
    lock.lock();
    try {
      queue.available(bucket, delay, clock.nanoTime());
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the address may send is to be looked at again. */
  void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Works until nobody has been in line for the idle time, or the thread is interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        List<Claim> claims;
        List<Lease> toRenew;
        lock.lock();
        try {
          long idleSince = clock.nanoTime();
          while (true) {
            long now = clock.nanoTime();
            toRenew = toRenew(now);
            Optional<Duration> held = held(now);
            claims = held.isEmpty() ? queue.due(now) : List.of();
            if (!claims.isEmpty() || !toRenew.isEmpty()) {
              break;
            }
            boolean idle = queue.isEmpty() && leases.isEmpty();
            if (idle && now - idleSince >= idleTime.toNanos()) {
              ended = true;
              return;
            }
            long wakeAt = idle ? idleSince + idleTime.toNanos() : nextWake(held, now);
            changed.awaitNanos(Math.max(0, wakeAt - now));
            if (!queue.isEmpty()) {
              idleSince = clock.nanoTime();
            }
          }
        } finally {
          lock.unlock();
        }
        renew(toRenew);
        claim(claims);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  /** Tells those in line what the address may send; how long until that is to be asked again. */
  private Optional<Duration> held(long now) {
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    return switch (guard.verdict()) {
      case EgressGuard.Verdict.Open() -> {
        queue.closed(Duration.ZERO, now);
        yield Optional.empty();
      }
      case EgressGuard.Verdict.Held(Hold hold) -> {
        queue.closed(hold.atLeast(), now);
        yield Optional.of(hold.delay());
      }
      case EgressGuard.Verdict.Refused(Duration wait) -> {
        queue.refuseAll(Refusal.INVALID_REQUESTS, wait, now);
        yield Optional.of(wait);
      }
    };
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  private void claim(List<Claim> claims) throws InterruptedException {
    if (claims.isEmpty()) {
      return;
    }
    List<Grant> grants;
    long claimedAt = clock.nanoTime();
    long attempt = storeAway.attempt();
    // As measured before: this claim itself may be the one that is held up.
    long stampedAt = claimedAt + halfWay();
    try {
      grants = guard.claim(token, claims, store);
      delay.observe(claimedAt, clock.nanoTime());
      if (storeAway.worked(attempt)) {
        LOG.info("requests wait for the rate limit store no more");
      }
    } catch (StoreException e) {
      if (storeAway.failed()) {
        LOG.warn("requests wait for the rate limit store: {}", e.getMessage());
      }
      withdraw();
      if (store.unreachableFor().filter(time -> time.compareTo(PATIENCE) >= 0).isPresent()) {
        refuseAll();
      }
      return;
    } catch (RuntimeException e) {
      // A defect of the store: without this thread nobody of this caller would ever get a turn.
      LOG.error("rate limit store failed unexpectedly, requests wait until it works again", e);
      withdraw();
      return;
    }
    List<Lease> unwanted;
    lock.lock();
    try {
      long now = clock.nanoTime();
      long leaseTime = store.leaseTime().toNanos();
      var out = new Out(stampedAt, 0, now + leaseTime / 3, claimedAt + leaseTime);
      grants.forEach(grant -> grant.leases().forEach(lease -> leases.put(lease, out)));
      unwanted = queue.apply(grants, now);
      unwanted.forEach(leases::remove);
    } finally {
      lock.unlock();
    }
    giveBack(unwanted);
  }

  /** Nobody knows the limits, and nobody shall wait for who knows how long. */
  private void refuseAll() {
    lock.lock();
    try {
      queue.refuseAll(Refusal.STORE_AWAY, Duration.ZERO, clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private void withdraw() {
    lock.lock();
    try {
      queue.withdraw(STORE_RETRY, clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(List<Lease> unwanted) throws InterruptedException {
    for (Lease lease : unwanted) {
      guard.ended(lease, new Outcome.NotSent());
      try {
        store.release(lease, new Outcome.NotSent());
      } catch (StoreException e) {
        // It expires by itself then.
        LOG.debug("lease not given back: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("rate limit store failed unexpectedly, a lease was not given back", e);
      }
    }
  }

  private List<Lease> toRenew(long now) {
    var due = new ArrayList<Lease>();
    for (var lease : leases.entrySet()) {
      if (lease.getValue().renewAt() > now) {
        break;
      }
      due.add(lease.getKey());
    }
    long renewAt = now + store.leaseTime().toNanos() / 3;
    for (Lease lease : due) {
      Out before = requireNonNull(leases.remove(lease));
      leases.put(lease, new Out(before.stampedAt(), before.late(), renewAt, before.validUntil()));
    }
    return due;
  }

  private void renew(List<Lease> due) throws InterruptedException {
    if (due.isEmpty()) {
      return;
    }
    long renewedAt = clock.nanoTime();
    try {
      store.renew(due);
      renewed(due, renewedAt);
      // An answer that takes so long comes too late to tell.
      for (Lease lease : late(due)) {
        long at = clock.nanoTime();
        store.restamp(lease);
        stamped(lease, at);
      }
    } catch (StoreException e) {
      LOG.debug("leases not renewed: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("rate limit store failed unexpectedly, leases were not renewed", e);
    }
  }

  /** How long a call usually takes to reach the store. */
  private long halfWay() {
    return delay.usual().toNanos() / 2;
  }

  private List<Lease> late(List<Lease> due) {
    lock.lock();
    try {
      return due.stream()
          .filter(lease -> leases.containsKey(lease) && leases.get(lease).late() > 0)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** One that had expired is not brought back by that. */
  private void renewed(List<Lease> due, long at) {
    lock.lock();
    try {
      long until = at + store.leaseTime().toNanos();
      for (Lease lease : due) {
        leases.computeIfPresent(
            lease,
            (same, out) ->
                at < out.validUntil()
                    ? new Out(out.stampedAt(), out.late(), out.renewAt(), until)
                    : out);
      }
    } finally {
      lock.unlock();
    }
  }

  private long nextWake(Optional<Duration> held, long now) {
    long next = now + TimeUnit.MINUTES.toNanos(1);
    long due = held.map(delay -> now + delay.toNanos()).or(() -> queue.nextDue(now)).orElse(next);
    next = Math.min(next, due);
    return leases.isEmpty() ? next : Math.min(next, leases.values().iterator().next().renewAt());
  }
}
