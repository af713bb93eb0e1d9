package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.ratelimit.Priority;
import java.time.Duration;

/**
 * Where a request stands among those of its caller: the more urgent first, of those the first come.
 * One that is sent again keeps it.
 *
 * @param number in order of arrival; no two requests have the same
 * @param since when it was put in line, in nanoseconds of the monotonic clock
 */
public record Place(Priority priority, long number, long since) implements Comparable<Place> {
  public Place {
    requireNonNull(priority, "priority");
  }

  @Override
  public int compareTo(Place other) {
    int byPriority = priority.compareTo(other.priority);
    return byPriority != 0 ? byPriority : Long.compare(number, other.number);
  }

  /** How long ago the request was put in line. */
  Duration age(long now) {
    return Duration.ofNanos(Math.max(0, now - since));
  }
}
