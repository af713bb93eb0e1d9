package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;

/**
 * Queues of one subscriber, over a connection of their own: neither requests nor events hold each
 * other up.
 */
final class AmqpEventStream implements EventStream {
  private final Intake intake;
  private final Link<Consumption> link;

  /** Not connected before {@link #start}. */
  AmqpEventStream(Consumption.Parts parts, Outage outage) {
    this.intake = parts.intake();
    this.link =
        new Link<>("amqp-" + parts.role(), () -> Consumption.open(parts), outage, parts.clock());
  }

  void start() {
    link.start();
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    return intake.take(atMost, wait).stream()
        .<Event>map(holding -> new AmqpEvent(holding, intake))
        .toList();
  }

  /** Hands out nothing more; what was taken can still be acked. */
  void drain() {
    intake.drain();
    link.session().ifPresent(Consumption::wake);
  }

  @Override
  public void close() {
    drain();
    intake.close();
    link.close();
  }
}
