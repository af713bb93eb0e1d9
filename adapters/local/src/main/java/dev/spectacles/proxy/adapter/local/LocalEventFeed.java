package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;

/** Events of several names in the order of publishing, from a queue of this process. */
final class LocalEventFeed implements EventFeed {
  /** Event that was given out and not acked. */
  private record Given(Fed event, LocalMessage message) {}

  private final LocalHolding holding;
  private final Runnable whenClosed;
  private final Clock clock;
  private final Deque<Given> given = new ArrayDeque<>();

  /**
   * Feed from what this holds.
   *
   * @param whenClosed is run after what was held is given back; may be run repeatedly
   */
  LocalEventFeed(LocalHolding holding, Clock clock, Runnable whenClosed) {
    this.holding = holding;
    this.clock = clock;
    this.whenClosed = whenClosed;
  }

  @Override
  public Batch receive(int atMost, Duration wait) throws InterruptedException {
    var events = new ArrayList<Fed>();
    for (LocalMessage message : holding.take(atMost, wait)) {
      long age = (clock.nanoTime() - message.publishedAt()) / 1_000_000;
      var event =
          new Fed(
              message.id(),
              message.name(),
              Body.of(message.payload()),
              clock.wallTime().toEpochMilli() - age,
              Optional.empty());
      given.add(new Given(event, message));
      events.add(event);
    }
    return new Batch(events, false, holding.waiting() == 0 && !holding.isDrained());
  }

  @Override
  public void ack(Batch batch) {
    if (batch.events().isEmpty()) {
      return;
    }
    Fed last = batch.events().getLast();
    var settled = new ArrayList<LocalMessage>();
    boolean found = false;
    for (Given each : given) {
      settled.add(each.message());
      if (each.message().id().equals(last.id())) {
        found = true;
        break;
      }
    }
    if (!found) {
      throw new BrokerException(
          "Event " + last.id() + " of " + last.name() + " is left to whoever reads next");
    }
    for (LocalMessage message : settled) {
      holding.settle(message);
      given.remove();
    }
  }

  @Override
  public void release() {
    given.clear();
    holding.release();
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    holding.drain();
  }

  @Override
  public void close() {
    holding.close();
    whenClosed.run();
  }
}
