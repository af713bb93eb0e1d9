package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.Optional;

/**
 * A request's place in line, and the lease it holds while it is its turn.
 *
 * <p>{@link #report} follows every send; closing without a report counts the request as sent with
 * an unknown outcome if {@link #aboutToSend} was called, and gives the lease back unused otherwise.
 * Not thread-safe, but for {@link #writing}.
 */
final class Permit implements AutoCloseable {
  /** A process that is stopped this often in a row gets nothing done anyway. */
  private static final int MOST_LOST = 5;

  private final RateLimiter limiter;
  private final Place place;
  private volatile Lease lease;
  private boolean out;
  private boolean sending;

  Permit(RateLimiter limiter, Place place, Lease lease) {
    this.limiter = limiter;
    this.place = place;
    this.lease = lease;
    this.out = true;
  }

  /**
   * To be called right before the request is written. Waits for another turn at the same place if
   * the lease was lost meanwhile, as after a stop of the process.
   */
  void aboutToSend(Deadline deadline) throws RefusedException, InterruptedException {
    for (int lost = 0; !limiter.freshen(lease); lost++) {
      report(new Outcome.NotSent());
      if (lost == MOST_LOST) {
        throw new RefusedException(Refusal.TOO_LONG, Duration.ZERO);
      }
      again(deadline);
    }
    sending = true;
  }

  /** The request is written now, which may be later than it was meant to be. */
  void writing() {
    limiter.writing(lease);
  }

  /** Gives the lease back with what became of the request. */
  void report(Outcome outcome) throws InterruptedException {
    out = false;
    limiter.release(lease, outcome);
  }

  /** Waits for another turn, at the place the request had. */
  void again(Deadline deadline) throws RefusedException, InterruptedException {
    lease = limiter.takeAgain(lease.token(), lease.route(), place, deadline);
    out = true;
    sending = false;
  }

  @Override
  public void close() {
    Optional<Outcome> unreported =
        out
            ? Optional.of(sending ? new Outcome.Unknown() : new Outcome.NotSent())
            : Optional.empty();
    out = false;
    limiter.through(lease, place, unreported);
  }
}
