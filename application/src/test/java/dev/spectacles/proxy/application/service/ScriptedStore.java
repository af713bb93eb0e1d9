package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Not a rate limit store: grants what the test says, everything if it says nothing. */
final class ScriptedStore implements RateLimitStore {
  /** What was given back. */
  record Released(Lease lease, Outcome outcome, Duration late) {}

  final BlockingQueue<Released> released = new LinkedBlockingQueue<>();
  final BlockingQueue<Lease> renewed = new LinkedBlockingQueue<>();
  final BlockingQueue<Lease> restamped = new LinkedBlockingQueue<>();
  final BlockingQueue<Claim> claimed = new LinkedBlockingQueue<>();
  final Map<TokenId, Integer> learned = new ConcurrentHashMap<>();
  volatile Predicate<Lease> lost = lease -> false;
  volatile Duration leaseTime = Duration.ofMinutes(10);
  volatile Optional<RuntimeException> releaseFailure = Optional.empty();
  volatile Listener listener = (token, bucket, delay) -> {};
  volatile BiFunction<TokenId, Claim, Grant> script =
      (token, claim) -> granted(token, claim, claim.count());
  volatile Optional<Duration> away = Optional.empty();
  final AtomicInteger peeked = new AtomicInteger();
  private final AtomicLong ids;

  ScriptedStore() {
    this(0);
  }

  /** Store whose leases have ids from there. */
  ScriptedStore(long firstId) {
    ids = new AtomicLong(firstId);
  }

  Grant granted(TokenId token, Claim claim, int count) {
    var leases = new ArrayList<Lease>();
    for (int i = 0; i < count; i++) {
      leases.add(lease(token, claim.route()));
    }
    return new Grant(BucketKey.provisional(claim.route()), leases, Optional.empty());
  }

  Grant held(Claim claim, Duration delay, Duration atLeast) {
    var hold = new Hold(Reach.BUCKET, delay, atLeast, 1, Duration.ZERO);
    return new Grant(BucketKey.provisional(claim.route()), List.of(), Optional.of(hold));
  }

  Lease lease(TokenId token, Route route) {
    return new Lease(ids.incrementAndGet(), token, route, BucketKey.provisional(route));
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) {
    claimed.addAll(claims);
    return claims.stream().map(claim -> script.apply(token, claim)).toList();
  }

  @Override
  public boolean restamp(Lease lease) {
    restamped.add(lease);
    return !lost.test(lease);
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) {
    learned.put(token, limit);
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) {
    peeked.incrementAndGet();
    return routes.stream()
        .map(BucketKey::provisional)
        .map(key -> new BucketStatus(key, Model.UNKNOWN, 1, 0, 0, Optional.of(Duration.ZERO)))
        .toList();
  }

  @Override
  public void renew(List<Lease> leases) {
    renewed.addAll(leases);
  }

  @Override
  public void release(Lease lease, Outcome outcome, Duration late) {
    released.add(new Released(lease, outcome, late));
    releaseFailure.ifPresent(
        failure -> {
          throw failure;
        });
  }

  @Override
  public Optional<Duration> unreachableFor() {
    return away;
  }

  @Override
  public Duration leaseTime() {
    return leaseTime;
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}
}
