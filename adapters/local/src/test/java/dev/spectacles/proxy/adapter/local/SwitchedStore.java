package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Clock;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A local store that a test can put out of reach; what is given back then waits. */
final class SwitchedStore implements RateLimitStore {
  private record Waiting(Lease lease, Outcome outcome, Duration late, long nanos) {}

  private final LocalRateLimitStore store;
  private final Clock clock;
  private final List<Waiting> waiting = new ArrayList<>();
  private Optional<Long> awaySince = Optional.empty();
  private Optional<Long> backSince = Optional.empty();
  private Duration lasted = Duration.ZERO;

  SwitchedStore(LocalRateLimitStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void goAway() {
    awaySince = Optional.of(clock.nanoTime());
  }

  void comeBack() {
    long now = clock.nanoTime();
    lasted = Duration.ofNanos(now - awaySince.orElse(now));
    backSince = Optional.of(now);
    awaySince = Optional.empty();
    for (Waiting back : waiting) {
      Duration age = Duration.ofNanos(clock.nanoTime() - back.nanos());
      store.release(back.lease(), back.outcome(), back.late(), age);
    }
    waiting.clear();
  }

  private LocalRateLimitStore reached() {
    if (awaySince.isPresent()) {
      throw new StoreException("away");
    }
    return store;
  }

  @Override
  public List<Grant> claim(TokenId token, List<Claim> claims) {
    return reached().claim(token, claims);
  }

  @Override
  public boolean restamp(Lease lease) {
    return reached().restamp(lease);
  }

  @Override
  public void renew(List<Lease> leases) {
    reached().renew(leases);
  }

  @Override
  public void release(Lease lease, Outcome outcome, Duration late) {
    if (awaySince.isPresent()) {
      waiting.add(new Waiting(lease, outcome, late, clock.nanoTime()));
    } else {
      store.release(lease, outcome, late);
    }
  }

  @Override
  public void learnGlobalLimit(TokenId token, int limit) {
    reached().learnGlobalLimit(token, limit);
  }

  @Override
  public List<BucketStatus> peek(TokenId token, List<Route> routes) {
    return reached().peek(token, routes);
  }

  @Override
  public Optional<Duration> unreachableFor() {
    return awaySince.map(since -> Duration.ofNanos(clock.nanoTime() - since));
  }

  @Override
  public Optional<Duration> backFrom(Duration outage) {
    return backSince
        .filter(any -> lasted.compareTo(outage) >= 0)
        .map(since -> Duration.ofNanos(clock.nanoTime() - since));
  }

  @Override
  public Duration leaseTime() {
    return store.leaseTime();
  }

  @Override
  public void listen(Listener listener) {
    store.listen(listener);
  }

  @Override
  public void close() {
    store.close();
  }
}
