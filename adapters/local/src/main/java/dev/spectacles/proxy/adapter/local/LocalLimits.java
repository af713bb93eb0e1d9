package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.RateLimitStore.Listener;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Rate limits in memory, of all who use the same object. Thread-safe: one lock per caller.
 *
 * <p>Memory is bounded: what has not been needed for two minutes is forgotten, and so are callers
 * without anything left to remember.
 */
final class LocalLimits {
  static final Duration LEASE_TIME = Duration.ofMillis(2_500);
  private static final long SWEEP_EVERY_MICROS = 10_000_000;

  private static final class Guarded {
    private final ReentrantLock lock = new ReentrantLock();
    private final TokenLimits limits;
    private boolean dropped;

    private Guarded(TokenLimits limits) {
      this.limits = limits;
    }
  }

  private final Clock clock;
  private final GlobalLimits globalLimits;
  private final IntSupplier parts;
  private final Map<TokenId, Guarded> tokens = new ConcurrentHashMap<>();
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final AtomicLong leaseIds;
  private final AtomicLong nextSweep;

  /**
   * Nothing is known yet.
   *
   * @param globalLimits requests per second that Discord permits each caller
   */
  LocalLimits(Clock clock, GlobalLimits globalLimits) {
    this(clock, globalLimits, () -> 1, 0);
  }

  /**
   * Only a part of each limit may be used.
   *
   * @param parts into how many equal parts each limit is divided now; at least 1
   * @param lastLeaseId leases have ids beyond this one
   */
  LocalLimits(Clock clock, GlobalLimits globalLimits, IntSupplier parts, long lastLeaseId) {
    this.clock = clock;
    this.globalLimits = globalLimits;
    this.parts = parts;
    this.leaseIds = new AtomicLong(lastLeaseId);
    this.nextSweep = new AtomicLong(micros() + SWEEP_EVERY_MICROS);
  }

  GlobalLimits globalLimits() {
    return globalLimits;
  }

  long nextLeaseId() {
    return leaseIds.incrementAndGet();
  }

  long micros() {
    return clock.nanoTime() / 1_000;
  }

  void listen(String instance, Listener listener) {
    listeners.put(instance, listener);
  }

  void forget(String instance) {
    listeners.remove(instance);
  }

  /** Must not be called with a caller's lock held. */
  void tell(TokenId token, List<TokenLimits.Opening> openings) {
    for (TokenLimits.Opening opening : openings) {
      Listener listener = listeners.get(opening.instance());
      if (listener != null) {
        listener.available(token, opening.bucket(), opening.delay());
      }
    }
  }

  <T> T with(TokenId token, Function<TokenLimits, T> action) {
    sweep();
    while (true) {
      Guarded guarded =
          tokens.computeIfAbsent(
              token,
              id ->
                  new Guarded(
                      new TokenLimits(id, globalLimits.of(id), LEASE_TIME.toNanos() / 1_000)));
      guarded.lock.lock();
      try {
        // Swept away between the look-up and the lock: what is written there now would be lost.
        if (!guarded.dropped) {
          guarded.limits.parts(parts.getAsInt());
          return action.apply(guarded.limits);
        }
      } finally {
        guarded.lock.unlock();
      }
    }
  }

  private void sweep() {
    long now = micros();
    long due = nextSweep.get();
    if (now < due || !nextSweep.compareAndSet(due, now + SWEEP_EVERY_MICROS)) {
      return;
    }
    tokens.forEach(
        (token, guarded) -> {
          guarded.lock.lock();
          try {
            guarded.dropped = guarded.limits.forget(now);
            if (guarded.dropped) {
              tokens.remove(token, guarded);
            }
          } finally {
            guarded.lock.unlock();
          }
        });
  }

  /** Number of callers, buckets and routes remembered, for tests of its bounds. */
  int size() {
    int size = tokens.size();
    for (Guarded guarded : tokens.values()) {
      guarded.lock.lock();
      try {
        size += guarded.limits.size();
      } finally {
        guarded.lock.unlock();
      }
    }
    return size;
  }
}
