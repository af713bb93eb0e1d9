package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Request whose thread blocks until it is settled. */
final class BlockingWaiter extends Waiter {
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile Optional<Lease> lease = Optional.empty();
  private volatile Optional<RefusedException> refusal = Optional.empty();

  BlockingWaiter(Place place, Route route, Deadline deadline) {
    super(place, route, deadline);
  }

  @Override
  protected void granted(Lease granted) {
    lease = Optional.of(granted);
    settled.countDown();
  }

  @Override
  protected void refused(Refusal why, Duration wait) {
    refusal = Optional.of(new RefusedException(why, wait));
    settled.countDown();
  }

  /** Waits until it is settled or the deadline has passed; whether it is settled. */
  boolean await(long nowNanos) throws InterruptedException {
    Optional<Duration> remaining = deadline().remaining(nowNanos);
    if (remaining.isEmpty()) {
      settled.await();
      return true;
    }
    return settled.await(remaining.get().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The lease, once settled. */
  Lease lease() throws RefusedException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return lease.orElseThrow();
  }

  /** The lease if there is one. */
  Optional<Lease> leaseIfGranted() {
    return lease;
  }
}
