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
  /** Time for the store to decide, so that a maximum wait of zero does not refuse everything. */
  private static final Duration DECISION_TIME = Duration.ofMillis(250);

  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile Optional<Lease> lease = Optional.empty();
  private volatile Optional<RefusedException> refusal = Optional.empty();

  BlockingWaiter(Place place, Route route, Deadline deadline, Deadline patience) {
    super(place, route, deadline, patience);
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

  /** Waits until it is settled or has waited long enough; whether it is settled. */
  boolean await(long nowNanos) throws InterruptedException {
    Optional<Duration> remaining = deadline().earlier(givesUp()).remaining(nowNanos);
    if (remaining.isEmpty()) {
      settled.await();
      return true;
    }
    return settled.await(remaining.get().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Why it is refused if it has waited long enough. */
  Refusal whyUnsettled() {
    return deadline().earlier(givesUp()).equals(deadline()) ? Refusal.TOO_LATE : Refusal.MAX_WAIT;
  }

  /** When its patience ends, but not before the store can have decided. */
  private Deadline givesUp() {
    Deadline decided = Deadline.after(DECISION_TIME, place().since());
    boolean atOnce =
        patience().nanos().isPresent() && patience().earlier(decided).equals(patience());
    return atOnce ? decided : patience();
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
