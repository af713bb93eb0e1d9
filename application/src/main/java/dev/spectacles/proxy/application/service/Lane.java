package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Requests of one route in line, the more urgent first, of those the first come. Not thread-safe:
 * used under its queue's lock. Times are nanoseconds of the monotonic clock.
 */
final class Lane {
  private final Route route;
  private final boolean ordered;
  private final NavigableMap<Place, Waiter> waiters = new TreeMap<>();
  private BucketKey bucket;
  private long opensAt = Long.MIN_VALUE;
  private Optional<Place> readyAs = Optional.empty();
  private Optional<Long> parkedUntil = Optional.empty();
  private Optional<Place> sending = Optional.empty();
  private Optional<Hold> hold = Optional.empty();
  private long heldAt;

  /**
   * Empty lane.
   *
   * @param ordered whether the next request is sent only when the one before is through
   */
  Lane(Route route, boolean ordered) {
    this.route = route;
    this.ordered = ordered;
    this.bucket = BucketKey.provisional(route);
  }

  Route route() {
    return route;
  }

  boolean isOrdered() {
    return ordered;
  }

  NavigableMap<Place, Waiter> waiters() {
    return waiters;
  }

  /** Bucket that governed the route when the store was asked last. */
  BucketKey bucket() {
    return bucket;
  }

  void bucket(BucketKey newBucket) {
    bucket = newBucket;
  }

  /** When the route itself is no longer held up. */
  long opensAt() {
    return opensAt;
  }

  void opensAt(long nanos) {
    opensAt = nanos;
  }

  /** Key in the queue's map of ready lanes, if it is there. */
  Optional<Place> readyAs() {
    return readyAs;
  }

  void readyAs(Optional<Place> place) {
    readyAs = place;
  }

  /** Key in the queue's set of parked lanes, if it is there. */
  Optional<Long> parkedUntil() {
    return parkedUntil;
  }

  void parkedUntil(Optional<Long> nanos) {
    parkedUntil = nanos;
  }

  /** Place of the request that is being sent, in an ordered lane. */
  Optional<Place> sending() {
    return sending;
  }

  void sending(Optional<Place> place) {
    sending = place;
  }

  /** What the store said last, so that newcomers who would wait too long hear it at once. */
  void held(Optional<Hold> newHold, long now) {
    hold = newHold;
    heldAt = now;
  }

  /** Shortest time that a request with so many others before it has to wait; zero if unknown. */
  Duration atLeast(int others, long now) {
    return hold.map(known -> known.atLeast(others).minusNanos(now - heldAt))
        .filter(wait -> !wait.isNegative())
        .orElse(Duration.ZERO);
  }

  /** First in line that may be asked for. */
  Optional<Place> first() {
    if (sending.isPresent()) {
      // Only the one that is being sent may go, again, whoever came before it meanwhile.
      return sending.filter(waiters::containsKey);
    }
    return waiters.isEmpty() ? Optional.empty() : Optional.of(waiters.firstKey());
  }

  /** Next in line after this place. */
  Optional<Place> nextAfter(Place place) {
    return Optional.ofNullable(waiters.higherKey(place));
  }

  boolean isEmpty() {
    return waiters.isEmpty() && sending.isEmpty();
  }
}
