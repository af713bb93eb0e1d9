package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;

/** Request in line for its turn. Settled once, under the lock of its queue. */
public abstract class Waiter {
  /** How long a request without a deadline is let wait at most. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  private final Place place;
  private final Route route;
  private final Deadline deadline;
  private final Deadline patience;
  private boolean settled;

  /** Request that takes this place in line and would rather wait than be refused. */
  protected Waiter(Place place, Route route, Deadline deadline) {
    this(place, route, deadline, Deadline.none());
  }

  /**
   * Request that takes this place in line.
   *
   * @param patience until when it waits for its turn rather than be refused
   */
  protected Waiter(Place place, Route route, Deadline deadline, Deadline patience) {
    this.place = place;
    this.route = route;
    this.deadline = deadline;
    this.patience = patience;
  }

  /** Why a request does not get its turn. */
  public enum Refusal {
    /** It would come too late for the request's deadline. */
    TOO_LATE,
    /** It would come later than the request wants to wait for it. */
    MAX_WAIT,
    /** The request sets no bound, and the wait is longer than anybody is let wait. */
    TOO_LONG,
    /** Discord does not accept the caller's credentials. */
    UNAUTHORIZED,
    /** The store that keeps the limits cannot be reached. */
    STORE_AWAY,
    /** Too many wait for the same bucket already. */
    QUEUE_FULL,
    /** Nothing is sent from this address, or Discord would ban it for its invalid requests. */
    INVALID_REQUESTS
  }

  final Place place() {
    return place;
  }

  final Route route() {
    return route;
  }

  final Deadline deadline() {
    return deadline;
  }

  final Deadline patience() {
    return patience;
  }

  /** Why it is refused if it is to wait this long at least. */
  final Optional<Refusal> refusalFor(Duration wait, long now) {
    Deadline first = deadline.earlier(patience);
    if (first.nanos().isEmpty()) {
      return wait.compareTo(LONGEST_WAIT) > 0 ? Optional.of(Refusal.TOO_LONG) : Optional.empty();
    }
    if (!wait.isPositive() || first.allows(wait, now)) {
      return Optional.empty();
    }
    return Optional.of(first.equals(deadline) ? Refusal.TOO_LATE : Refusal.MAX_WAIT);
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
