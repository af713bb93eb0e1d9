package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

  /** The margin of the global limit grows by this part of the store's delay. */
  private static final int DELAY_PART = 4;

  private final TokenId token;
  private final LimitKeys keys;
  private final LimiterContext context;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<GivenBack> pending = new ArrayDeque<>();
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

  boolean isEmpty() {
    lock.lock();
    try {
      return pending.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Decides these claims after all that was given back before; there may be none. */
  TurnResult run(LimiterSession session, List<Claim> claims, long firstLease)
      throws InterruptedException {
    turn.lockInterruptibly();
    try {
      long now = clock.nanoTime();
      List<GivenBack> batch = take(now);
      if (batch.isEmpty() && claims.isEmpty()) {
        // Somebody else took it along while this one waited.
        return TurnResult.NOTHING;
      }
      var arguments = common(session);
      arguments.add(firstLease);
      arguments.add(batch.size());
      batch.forEach(back -> back.addTo(arguments, now));
      arguments.add(claims.size());
      claims.forEach(claim -> add(claim, arguments));
      boolean done = false;
      try {
        List<Object> answer = session.list(Script.TURN, keys.all(token), arguments);
        done = true;
        return TurnResult.read(answer, token, claims, firstLease);
      } finally {
        if (!done) {
          putBack(batch);
        }
      }
    } finally {
      turn.unlock();
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
            context.limits().of(token),
            delay.toMillis() / DELAY_PART * 1_000,
            LimitKeys.channels()));
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

  private List<GivenBack> take(long now) {
    lock.lock();
    try {
      lastUsed = now;
      var batch = new ArrayList<GivenBack>();
      while (batch.size() < MOST_AT_ONCE && !pending.isEmpty()) {
        batch.add(pending.removeFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** The server may have taken them or not; it takes none of them twice. */
  private void putBack(List<GivenBack> batch) {
    lock.lock();
    try {
      for (GivenBack back : batch.reversed()) {
        pending.addFirst(back);
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
