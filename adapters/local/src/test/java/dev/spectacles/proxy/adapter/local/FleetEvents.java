package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.ManualClock;
import java.time.Duration;
import java.util.PriorityQueue;

/** What happens in virtual time, in the order of its time. */
final class FleetEvents {
  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final ManualClock clock;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;

  FleetEvents(ManualClock clock) {
    this.clock = clock;
  }

  long now() {
    return clock.nanoTime();
  }

  void at(long nanos, Runnable action) {
    events.add(new Event(Math.max(nanos, now()), order++, action));
  }

  void in(Duration delay, Runnable action) {
    at(now() + delay.toNanos(), action);
  }

  void runUntil(long end) {
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event event = events.poll();
      clock.advanceTo(event.at());
      event.action().run();
    }
  }
}
