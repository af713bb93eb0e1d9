package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls of {@code turn.lua} for one caller, one at a time: what is given back while a call is under
 * way goes with the next one, before the claims in it, so that no claim overtakes what an answer
 * told. Thread-safe.
 */
final class TokenTurns {
  /** Leases given back that one call takes along. */
  private static final int MOST_AT_ONCE = 128;

  /** What may wait for a server that is away; older outcomes teach the least. */
  static final int MOST_PENDING = 2_000;

  private static final int MOST_CALLS = 2 * MOST_PENDING / MOST_AT_ONCE;

  /** Longer than a call can take before it fails. */
  private static final Duration LONGEST_TURN = Duration.ofMillis(1_500);

  /** The margin of the global limit grows by this part of the store's delay. */
  private static final int DELAY_PART = 4;

  private final TokenId token;
  private final LimitKeys keys;
  private final LimiterContext context;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<GivenBack> pending = new ArrayDeque<>();
  private boolean flushing;
  private boolean atLimit;
  private long lastUsed;

  TokenTurns(TokenId token, LimitKeys keys, LimiterContext context) {
    this.token = token;
    this.keys = keys;
    this.context = context;
    this.clock = context.clock();
    this.lastUsed = clock.nanoTime();
  }

  /** Notes a lease as given back; whether something older had to be forgotten for it. */
  boolean add(GivenBack back) {
    lock.lock();
    try {
      lastUsed = back.nanos();
      pending.addLast(back);
      return trim();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits and nothing was done since then. */
  boolean isIdle(long since) {
    lock.lock();
    try {
      return pending.isEmpty() && lastUsed - since < 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the caller is to report what waits, which somebody else does if not. */
  boolean beginFlush() {
    lock.lock();
    try {
      boolean mine = !flushing && !pending.isEmpty();
      flushing |= mine;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is left to report, so that nobody reports now. */
  boolean endFlushIfEmpty() {
    lock.lock();
    try {
      flushing = !pending.isEmpty();
      return !flushing;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody reports now. */
  void endFlush() {
    lock.lock();
    try {
      flushing = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the caller's last claims met its global limit. */
  boolean isAtLimit() {
    lock.lock();
    try {
      return atLimit;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides these claims after all that was given back before; there may be none.
   *
   * @throws StoreException if another call takes too long
   */
  TurnResult run(LimiterSession session, List<Claim> claims, long firstLease)
      throws InterruptedException {
    if (!turn.tryLock(LONGEST_TURN.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new StoreException("a call for the same caller has not been answered yet");
    }
    try {
      var openings = new ArrayList<TurnResult.Opening>();
      // Claims come last, or they would overtake what is given back.
      for (int calls = 1; calls < MOST_CALLS && moreThanOneCall(); calls++) {
        openings.addAll(call(session, take(), List.of(), 0).openings());
      }
      List<GivenBack> batch = take();
      if (batch.isEmpty() && claims.isEmpty()) {
        // Somebody else took it along while this one waited.
        return new TurnResult(0, openings, List.of());
      }
      TurnResult result = call(session, batch, claims, firstLease);
      if (!claims.isEmpty()) {
        atLimit(result.isAtLimit());
      }
      openings.addAll(result.openings());
      return new TurnResult(result.micros(), openings, result.grants());
    } finally {
      turn.unlock();
    }
  }

  private void atLimit(boolean met) {
    lock.lock();
    try {
      atLimit = met;
    } finally {
      lock.unlock();
    }
  }

  private TurnResult call(
      LimiterSession session, List<GivenBack> batch, List<Claim> claims, long firstLease)
      throws InterruptedException {
    long now = clock.nanoTime();
    var arguments = common(session);
    arguments.add(firstLease);
    arguments.add(batch.size());
    batch.forEach(back -> back.addTo(arguments, now));
    arguments.add(claims.size());
    claims.forEach(claim -> add(claim, arguments));
    boolean done = false;
    try {
      List<Object> answer = session.run(Script.TURN, keys.all(token), arguments);
      done = true;
      return TurnResult.read(answer, token, claims, firstLease);
    } finally {
      if (!done) {
        putBack(batch);
      }
    }
  }

  /** Arguments that every script of the limiter begins with. */
  List<Object> common(LimiterSession session) {
    Duration delay = session.usualDelay();
    return new ArrayList<>(
        List.of(
            keys.prefix(token),
            context.instance(),
            context.leaseTime().toNanos() / 1_000,
            limit(),
            delay.toMillis() / DELAY_PART * 1_000,
            LimitKeys.channels()));
  }

  /** Negative if it holds whatever was learnt. */
  private int limit() {
    int limit = context.limits().of(token);
    return context.limits().isSetFor(token) ? -limit : limit;
  }

  /** Adds what {@code turn.lua} wants to know of a claim. */
  static void add(Claim claim, List<Object> arguments) {
    arguments.addAll(
        List.of(
            claim.route().key().value(),
            claim.route().major().value(),
            claim.route().block().value(),
            claim.route().countsGlobally() ? 1 : 0,
            claim.route().isAuthorisedByCaller() ? 1 : 0,
            claim.count(),
            number(claim.priority()),
            claim.age().toNanos() / 1_000));
  }

  private static int number(Priority priority) {
    return switch (priority) {
      case HIGH -> 0;
      case NORMAL -> 1;
      case LOW -> 2;
    };
  }

  private boolean moreThanOneCall() {
    lock.lock();
    try {
      return pending.size() > MOST_AT_ONCE;
    } finally {
      lock.unlock();
    }
  }

  private List<GivenBack> take() {
    lock.lock();
    try {
      lastUsed = clock.nanoTime();
      var batch = new ArrayList<GivenBack>();
      while (batch.size() < MOST_AT_ONCE && !pending.isEmpty()) {
        batch.add(pending.removeFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** The server may have taken them or not. */
  private void putBack(List<GivenBack> batch) {
    lock.lock();
    try {
      for (GivenBack back : batch.reversed()) {
        pending.addFirst(back.again());
      }
      trim();
    } finally {
      lock.unlock();
    }
  }

  private boolean trim() {
    boolean trimmed = false;
    while (pending.size() > MOST_PENDING) {
      pending.removeFirst();
      trimmed = true;
    }
    return trimmed;
  }
}
