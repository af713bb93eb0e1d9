package dev.spectacles.proxy.application.service;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests through when Discord's limits permit, the more urgent and the first come first: the
 * waiting around a {@link RateLimitStore}. Thread-safe.
 */
public final class RateLimiter implements PeekLimits, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

  /** A pump with nothing to do ends after this. */
  private static final Duration IDLE_TIME = Duration.ofSeconds(30);

  /** An interaction that is not answered by then is lost. Source: Discord docs, Interactions. */
  private static final Duration CALLBACK_DUE = Duration.ofSeconds(3);

  private final RateLimitStore store;
  private final EgressGuard guard;
  private final Clock clock;
  private final int mostPerLane;
  private final boolean orderedMessages;
  private final AtomicLong places = new AtomicLong();
  private final StoreDelay delay = new StoreDelay();

  /** Of all callers together: it is one store. */
  private final Lapse storeAway;

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
    this.storeAway = new Lapse(clock);
    store.listen(this::available);
    guard.listen(() -> pumps.values().forEach(TokenPump::wake));
  }

  /** Waits until it is the request's turn. */
  Permit acquire(TokenId token, Route route, Deadline deadline)
      throws RefusedException, InterruptedException {
    return enqueue(token, route, Priority.NORMAL, deadline, Deadline.none()).await();
  }

  /**
   * Puts a request in line, behind all that were before and are not less urgent.
   *
   * @param patience until when it waits for its turn rather than be refused
   */
  Ticket enqueue(
      TokenId token, Route route, Priority priority, Deadline deadline, Deadline patience) {
    var place = new Place(priority, places.incrementAndGet(), clock.nanoTime());
    return new Ticket(this, place, queue(token, route, place, deadline, patience));
  }

  /** The request's turn for another try, at the place it had and whatever that takes. */
  Lease takeAgain(TokenId token, Route route, Place place, Deadline deadline)
      throws RefusedException, InterruptedException {
    return queue(token, route, place, deadline, Deadline.none()).await();
  }

  private Ticket.Wait queue(
      TokenId token, Route route, Place place, Deadline deadline, Deadline patience) {
    if (route.kind() == Route.Kind.INTERACTION_CALLBACK) {
      return new Ticket.NoLine(this, token, route, deadline, patience);
    }
    var waiter = new BlockingWaiter(place, route, deadline, patience);
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
  Lease takeAtOnce(TokenId token, Route route, Deadline deadline, Deadline patience)
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
          if (!patience.allows(hold.delay(), now)) {
            throw new RefusedException(Refusal.MAX_WAIT, hold.delay());
          }
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
   * Whether the request can be sent on this lease now; stamps it anew if it is older than it should
   * be. The time until the waiting thread ran again counts, a stop of the whole process too.
   */
  boolean freshen(Lease lease) throws InterruptedException {
    TokenPump pump = pumps.get(lease.token());
    if (pump == null) {
      return true;
    }
    return switch (pump.freshness(lease)) {
      case FRESH -> true;
      case OLD -> restamp(lease, pump);
      case LOST -> false;
    };
  }

  /**
   * The request is written now, perhaps late, as over a connection that had to be made first. The
   * global limit counts when Discord gets a request, and has most of a second to hear of it: with
   * what becomes of the request, or when its lease is renewed.
   */
  void writing(Lease lease) {
    TokenPump pump = pumps.get(lease.token());
    if (pump != null && lease.route().countsGlobally()) {
      pump.written(lease);
    }
  }

  private boolean restamp(Lease lease, TokenPump pump) throws InterruptedException {
    long at = clock.nanoTime();
    try {
      boolean held = store.restamp(lease);
      pump.stamped(lease, at);
      return held;
    } catch (StoreException e) {
      LOG.debug("grant not stamped anew: {}", e.getMessage());
      return true;
    }
  }

  /** Discord permits this caller so many requests per second, if not more is configured. */
  void learnGlobalLimit(TokenId token, int limit) throws InterruptedException {
    try {
      store.learnGlobalLimit(token, limit);
    } catch (StoreException e) {
      LOG.debug("global limit of {} not learnt: {}", limit, e.getMessage());
    }
  }

  void release(Lease lease, Outcome outcome) throws InterruptedException {
    guard.ended(lease, outcome);
    if (lease.route().kind() == Route.Kind.INTERACTION_CALLBACK) {
      return;
    }
    TokenPump pump = pumps.get(lease.token());
    Duration late = pump == null ? Duration.ZERO : pump.returned(lease);
    try {
      store.release(lease, outcome, late);
    } catch (StoreException e) {
      // It expires by itself then, and counts as used.
      LOG.debug("lease not given back: {}", e.getMessage());
    }
  }

  /** The request is through for good: gives an unreported lease back and lets the next one go. */
  void through(Lease lease, Place place, Optional<Outcome> unreported) {
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

  @Override
  public List<PeekLimits.Waiting> peek(int atMost) throws InterruptedException {
    record OfCaller(TokenId caller, TokenQueue.Waiting waiting) {}
    Map<TokenId, List<TokenQueue.Waiting>> most =
        pumps.values().stream()
            .flatMap(pump -> pump.waiting().stream().map(w -> new OfCaller(pump.token(), w)))
            .sorted(comparingInt((OfCaller one) -> one.waiting().requests()).reversed())
            .limit(atMost)
            .collect(groupingBy(OfCaller::caller, mapping(OfCaller::waiting, toList())));
    var all = new ArrayList<PeekLimits.Waiting>();
    for (var caller : most.entrySet()) {
      List<TokenQueue.Waiting> waiting = caller.getValue();
      List<BucketStatus> buckets =
          store.peek(caller.getKey(), waiting.stream().map(TokenQueue.Waiting::route).toList());
      for (int i = 0; i < waiting.size(); i++) {
        TokenQueue.Waiting one = waiting.get(i);
        all.add(
            new PeekLimits.Waiting(
                caller.getKey(), one.route().key(), buckets.get(i), one.requests(), one.oldest()));
      }
    }
    all.sort(comparingInt(PeekLimits.Waiting::requests).reversed());
    return List.copyOf(all);
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
    var pump = new TokenPump(token, queue, store, guard, clock, delay, storeAway, IDLE_TIME);
    threads.execute(
        () -> {
          try {
            pump.run();
          } finally {
            pumps.remove(token, pump);
          }
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
