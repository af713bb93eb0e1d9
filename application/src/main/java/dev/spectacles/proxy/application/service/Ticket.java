package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;

/** A request's place in line before its turn: waited for, or given up. Not thread-safe. */
final class Ticket {
  private final RateLimiter limiter;
  private final Place place;
  private final Wait wait;

  Ticket(RateLimiter limiter, Place place, Wait wait) {
    this.limiter = limiter;
    this.place = place;
    this.wait = wait;
  }

  /** Waits for the turn. */
  Permit await() throws RefusedException, InterruptedException {
    return new Permit(limiter, place, wait.await());
  }

  /** Leaves the line; what was granted meanwhile goes back. */
  void cancel() {
    wait.cancel();
  }

  /** Way to wait for a lease. */
  interface Wait {
    /** Waits until it is the request's turn; one that is interrupted has left the line. */
    Lease await() throws RefusedException, InterruptedException;

    /** Leaves the line. */
    void cancel();
  }

  /** Wait in the line of a caller. */
  record InLine(RateLimiter limiter, TokenPump pump, BlockingWaiter waiter) implements Wait {
    @Override
    public Lease await() throws RefusedException, InterruptedException {
      try {
        if (!waiter.await(limiter.now())) {
          Duration wait = pump.atLeast(waiter);
          if (pump.withdraw(waiter)) {
            Refusal why = waiter.whyUnsettled();
            throw new RefusedException(why, why == Refusal.TOO_LATE ? Duration.ZERO : wait);
          }
        }
        // Not in line any more and yet not refused: it was granted at the last moment.
        return waiter.lease();
      } catch (InterruptedException e) {
        cancel();
        throw e;
      }
    }

    @Override
    public void cancel() {
      if (!pump.withdraw(waiter)) {
        waiter
            .leaseIfGranted()
            .ifPresent(
                lease ->
                    limiter.through(lease, waiter.place(), Optional.of(new Outcome.NotSent())));
      }
    }
  }

  /** What an interaction callback does instead of waiting in line. */
  record NoLine(
      RateLimiter limiter, TokenId token, Route route, Deadline deadline, Deadline patience)
      implements Wait {
    @Override
    public Lease await() throws RefusedException, InterruptedException {
      return limiter.takeAtOnce(token, route, deadline, patience);
    }

    @Override
    public void cancel() {}
  }
}
