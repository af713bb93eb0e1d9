package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;

/** Notes what became of it. */
final class RecordingWaiter extends Waiter {
  Optional<Lease> lease = Optional.empty();
  Optional<Refusal> refusal = Optional.empty();
  Duration wait = Duration.ZERO;

  RecordingWaiter(Place place, Route route, Deadline deadline) {
    super(place, route, deadline);
  }

  RecordingWaiter(Place place, Route route, Deadline deadline, Deadline patience) {
    super(place, route, deadline, patience);
  }

  /** Of normal priority and any age. */
  RecordingWaiter(long number, Route route, Deadline deadline) {
    this(new Place(Priority.NORMAL, number, Long.MAX_VALUE), route, deadline);
  }

  @Override
  protected void granted(Lease granted) {
    lease = Optional.of(granted);
  }

  @Override
  protected void refused(Refusal why, Duration atLeast) {
    refusal = Optional.of(why);
    wait = atLeast;
  }

  @Override
  public String toString() {
    return "waiter " + place().number();
  }
}
