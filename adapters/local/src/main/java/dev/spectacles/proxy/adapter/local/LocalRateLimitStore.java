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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Rate limits of a single instance, in memory.
 *
 * <p>One lock per caller; none is held while the listener is called. Memory is bounded: what has
 * not been needed for two minutes is forgotten, and so are callers without anything left to
 * remember.
 */
public final class LocalRateLimitStore implements RateLimitStore {
  private static final Duration LEASE_TIME = Duration.ofSeconds(10);
  private static final long SWEEP_EVERY_MICROS = 10_000_000;

  private final Clock clock;
  private final GlobalLimits globalLimits;
  private final Map<TokenId, TokenLimits> tokens = new ConcurrentHashMap<>();
  private final AtomicLong leaseIds = new AtomicLong();
  private final AtomicLong nextSweep;
  private volatile Listener listener = (token, bucket, delay) -> {};

  /**
   * Empty store.
   *
   * @param globalLimits requests per second that Discord permits each caller
   */
  public LocalRateLimitStore(Clock clock, GlobalLimits globalLimits) {
    this.clock = clock;
    this.globalLimits = globalLimits;
    this.nextSweep = new AtomicLong(micros() + SWEEP_EVERY_MICROS);
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) {
    sweep();
    return with(
        token,
        limits -> {
          long now = micros();
          var grants = new ArrayList<Grant>(claims.size());
          for (Claim claim : claims) {
            grants.add(limits.claim(claim, now, leaseIds::incrementAndGet));
          }
          return grants;
        });
  }

  @Override
  public boolean restamp(Lease lease) {
    return with(lease.token(), limits -> limits.restamp(lease, micros()));
  }

  @Override
  public void renew(List<Lease> leases) {
    for (Lease lease : leases) {
      with(lease.token(), limits -> limits.renew(lease, micros()));
    }
  }

  @Override
  public void release(Lease lease, Outcome outcome) {
    for (TokenLimits.Opening opening :
        with(lease.token(), limits -> limits.release(lease, outcome, micros()))) {
      listener.available(lease.token(), opening.bucket(), opening.delay());
    }
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) {
    with(
        token,
        limits -> {
          limits.globalLimit(Math.max(limit, globalLimits.of(token)));
          return limits;
        });
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) {
    return with(
        token, limits -> routes.stream().map(route -> limits.peek(route, micros())).toList());
  }

  @Override
  public Duration leaseTime() {
    return LEASE_TIME;
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  /** Number of callers, buckets and routes remembered, for tests of its bounds. */
  int size() {
    return tokens.values().stream().mapToInt(TokenLimits::size).sum() + tokens.size();
  }

  @Override
  public void close() {
    tokens.clear();
  }

  private <T> T with(TokenId token, Function<TokenLimits, T> action) {
    while (true) {
      TokenLimits limits =
          tokens.computeIfAbsent(
              token, id -> new TokenLimits(id, globalLimits.of(id), LEASE_TIME.toNanos() / 1_000));
      limits.lock();
      try {
        // Swept away between the look-up and the lock: what is written there now would be lost.
        if (!limits.isDropped()) {
          return action.apply(limits);
        }
      } finally {
        limits.unlock();
      }
    }
  }

  private void sweep() {
    long now = micros();
    long due = nextSweep.get();
    if (now < due || !nextSweep.compareAndSet(due, now + SWEEP_EVERY_MICROS)) {
      return;
    }
    for (TokenLimits limits : List.copyOf(tokens.values())) {
      limits.lock();
      try {
        if (limits.dropIfIdle(now)) {
          tokens.remove(limits.token(), limits);
        }
      } finally {
        limits.unlock();
      }
    }
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
