package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests through when Discord's limits permit, first come first: the waiting around a {@link
 * RateLimitStore}. Thread-safe.
 */
public final class RateLimiter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

  /** A pump with nothing to do ends after this. */
  private static final Duration IDLE_TIME = Duration.ofSeconds(30);

  /** Older grants are stamped anew before sending, or requests would bunch up at Discord. */
  private static final Duration FRESH = Duration.ofMillis(15);

  /** An interaction that is not answered by then is lost. Source: Discord docs, Interactions. */
  private static final Duration CALLBACK_DUE = Duration.ofSeconds(3);

  private final RateLimitStore store;
  private final EgressGuard guard;
  private final Clock clock;
  private final int mostPerLane;
  private final boolean orderedMessages;
  private final AtomicLong places = new AtomicLong();
  private final Map<TokenId, TokenPump> pumps = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("limiter-", 0).factory());

  /**
   * Limiter over this store.
   *
   * @param guard of the address that requests are sent from
   * @param mostPerLane how many may wait for the same route and resource
   * @param orderedMessages whether messages to a channel are sent one at a time
   */
  public RateLimiter(
      RateLimitStore store,
      EgressGuard guard,
      Clock clock,
      int mostPerLane,
      boolean orderedMessages) {
    this.store = store;
    this.guard = guard;
    this.clock = clock;
    this.mostPerLane = mostPerLane;
    this.orderedMessages = orderedMessages;
    store.listen(this::available);
    guard.listen(() -> pumps.values().forEach(TokenPump::wake));
  }

  /** Waits until it is the request's turn. */
  Permit acquire(TokenId token, Route route, Deadline deadline)
      throws RefusedException, InterruptedException {
    return enqueue(token, route, deadline).await();
  }

  /** Puts a request in line, behind all that were before. */
  Ticket enqueue(TokenId token, Route route, Deadline deadline) {
    long place = places.incrementAndGet();
    return new Ticket(this, place, queue(token, route, place, deadline));
  }

  /** The request's turn for another try, at the place it had. */
  Lease takeAgain(TokenId token, Route route, long place, Deadline deadline)
      throws RefusedException, InterruptedException {
    return queue(token, route, place, deadline).await();
  }

  private Ticket.Wait queue(TokenId token, Route route, long place, Deadline deadline) {
    if (route.kind() == Route.Kind.INTERACTION_CALLBACK) {
      return new Ticket.NoLine(this, token, route, deadline);
    }
    var waiter = new BlockingWaiter(place, route, deadline);
    return new Ticket.InLine(this, submit(token, waiter), waiter);
  }

  /** Reading of the monotonic clock. */
  long now() {
    return clock.nanoTime();
  }

  /**
   * Interaction callbacks are due within three seconds and have no limit but the address's: they
   * need no store.
   */
  Lease takeAtOnce(TokenId token, Route route, Deadline deadline)
      throws RefusedException, InterruptedException {
    long giveUp = clock.nanoTime() + CALLBACK_DUE.toNanos();
    // A store's ids are positive.
    long id = -places.incrementAndGet();
    var lease = new Lease(id, token, route, BucketKey.provisional(route));
    while (true) {
      switch (guard.enter(lease)) {
        case EgressGuard.Verdict.Open() -> {
          return lease;
        }
        case EgressGuard.Verdict.Held(Grant.Hold hold) -> {
          long now = clock.nanoTime();
          boolean tooLate = now + hold.delay().toNanos() > giveUp;
          if (tooLate || !deadline.allows(hold.delay(), now)) {
            throw new RefusedException(
                deadline.nanos().isPresent() ? Refusal.TOO_LATE : Refusal.TOO_LONG, hold.delay());
          }
          clock.sleep(hold.delay());
        }
        case EgressGuard.Verdict.Refused(Duration wait) ->
            throw new RefusedException(Refusal.INVALID_REQUESTS, wait);
      }
    }
  }

  /**
   * Stamps a lease anew that is older than it should be when its request is sent. Its age is that
   * of the claim: the time until the waiting thread ran again counts.
   */
  void freshen(Lease lease) throws InterruptedException {
    TokenPump pump = pumps.get(lease.token());
    Optional<Long> claimedAt = pump == null ? Optional.empty() : pump.claimedAt(lease);
    if (claimedAt.isPresent() && clock.nanoTime() - claimedAt.get() > FRESH.toNanos()) {
      try {
        store.restamp(lease);
      } catch (StoreException e) {
        LOG.debug("grant not stamped anew: {}", e.getMessage());
      }
    }
  }

  void release(Lease lease, Outcome outcome) throws InterruptedException {
    guard.ended(lease, outcome);
    if (lease.route().kind() == Route.Kind.INTERACTION_CALLBACK) {
      return;
    }
    TokenPump pump = pumps.get(lease.token());
    if (pump != null) {
      pump.returned(lease);
    }
    try {
      store.release(lease, outcome);
    } catch (StoreException e) {
      // It expires by itself then, and counts as used.
      LOG.debug("lease not given back: {}", e.getMessage());
    }
  }

  /** The request is through for good: gives an unreported lease back and lets the next one go. */
  void through(Lease lease, long place, Optional<Outcome> unreported) {
    TokenPump pump = pumps.get(lease.token());
    if (unreported.isPresent()) {
      // An interrupted thread still has to give back what it holds.
      boolean interrupted = Thread.interrupted();
      try {
        release(lease, unreported.get());
      } catch (InterruptedException e) {
        interrupted = true;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
    if (pump != null) {
      pump.through(lease.route(), place);
    }
  }

  private TokenPump submit(TokenId token, Waiter waiter) {
    while (true) {
      TokenPump pump = pumps.computeIfAbsent(token, this::startPump);
      if (pump.submit(waiter)) {
        return pump;
      }
      pumps.remove(token, pump);
    }
  }

  private TokenPump startPump(TokenId token) {
    var queue = new TokenQueue(mostPerLane, orderedMessages);
    var pump = new TokenPump(token, queue, store, guard, clock, IDLE_TIME);
    threads.execute(
        () -> {
          pump.run();
          pumps.remove(token, pump);
        });
    return pump;
  }

  private void available(TokenId token, BucketKey bucket, Duration delay) {
    TokenPump pump = pumps.get(token);
    if (pump != null) {
      pump.available(bucket, delay);
    }
  }

  /** Stops all waiting; requests still in line are to be interrupted before. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
