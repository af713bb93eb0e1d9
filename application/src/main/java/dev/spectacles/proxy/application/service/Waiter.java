package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;

/** Request in line for its turn. Settled once, under the lock of its queue. */
public abstract class Waiter {
  private final long place;
  private final Route route;
  private final Deadline deadline;
  private boolean settled;

  /**
   * Request that takes this place in line.
   *
   * @param place smaller ones come first; one that is sent again keeps the place it had
   */
  protected Waiter(long place, Route route, Deadline deadline) {
    this.place = place;
    this.route = route;
    this.deadline = deadline;
  }

  /** Why a request does not get its turn. */
  public enum Refusal {
    /** It would come too late for the request's deadline. */
    TOO_LATE,
    /** The request has no deadline, and the wait is longer than anybody is let wait. */
    TOO_LONG,
    /** Too many wait for the same bucket already. */
    QUEUE_FULL,
    /** Nothing is sent from this address, or Discord would ban it for its invalid requests. */
    INVALID_REQUESTS
  }

  final long place() {
    return place;
  }

  final Route route() {
    return route;
  }

  final Deadline deadline() {
    return deadline;
  }

  final boolean isSettled() {
    return settled;
  }

  final void grant(Lease lease) {
    settled = true;
    granted(lease);
  }

  final void refuse(Refusal refusal, Duration wait) {
    settled = true;
    refused(refusal, wait);
  }

  /** It is this request's turn. Must return quickly. */
  protected abstract void granted(Lease lease);

  /**
   * It will not be this request's turn. Must return quickly.
   *
   * @param wait how long it would at least have taken
   */
  protected abstract void refused(Refusal refusal, Duration wait);
}
