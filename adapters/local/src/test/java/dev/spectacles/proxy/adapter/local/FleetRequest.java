package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.fail;

import dev.spectacles.proxy.application.service.Place;
import dev.spectacles.proxy.application.service.Waiter;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Request in line at one instance of a simulated fleet. */
final class FleetRequest extends Waiter {
  final long number;
  final long since;
  final Route where;
  final String path;

  /** Whether it was granted before, on a lease that was lost. */
  final boolean again;

  private final BiConsumer<FleetRequest, Lease> granted;

  FleetRequest(
      long number,
      long since,
      Route where,
      String path,
      boolean again,
      BiConsumer<FleetRequest, Lease> granted) {
    super(new Place(Priority.NORMAL, number, since), where, Deadline.none());
    this.number = number;
    this.since = since;
    this.where = where;
    this.path = path;
    this.again = again;
    this.granted = granted;
  }

  Place placeInLine() {
    return new Place(Priority.NORMAL, number, since);
  }

  /** The same, to be put in line once more. */
  FleetRequest onceMore() {
    return new FleetRequest(number, since, where, path, true, granted);
  }

  @Override
  protected void granted(Lease lease) {
    granted.accept(this, lease);
  }

  @Override
  protected void refused(Refusal refusal, Duration wait) {
    fail("refused: %s after %s (expected: nobody is)", refusal, wait);
  }
}
