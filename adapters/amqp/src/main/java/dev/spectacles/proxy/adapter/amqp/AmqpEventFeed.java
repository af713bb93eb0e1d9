package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.EventFeed;
import java.time.Duration;

/**
 * Events of one queue, over a connection of their own; its order is theirs.
 *
 * <p>A queue is there from the first start of an instance: what was published before it nobody
 * keeps. A gap is told where the queue was gone after this process had declared it; that messages
 * expired in it cannot be told.
 */
final class AmqpEventFeed implements EventFeed {
  private final FeedIntake intake;
  private final Link<FeedConsumption> link;

  /** Not connected before {@link #start}. */
  AmqpEventFeed(FeedConsumption.Parts parts, Outage outage) {
    this.intake = parts.intake();
    String name = "amqp-feed-" + parts.queue().subscriber();
    this.link = new Link<>(name, () -> FeedConsumption.open(parts), outage, parts.clock());
  }

  void start() {
    link.start();
  }

  @Override
  public Batch receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    if (intake.want()) {
      link.session().ifPresent(FeedConsumption::wake);
    }
    return intake.take(atMost, wait);
  }

  @Override
  public void ack(Batch batch) {
    if (!batch.events().isEmpty()) {
      intake.ack(batch.events().getLast());
    }
  }

  @Override
  public void release() {
    intake.release();
    link.session().ifPresent(FeedConsumption::wake);
  }

  /** Hands out nothing more; what was taken can still be acked. */
  void drain() {
    intake.drain();
  }

  @Override
  public void close() {
    intake.close();
    link.close();
  }
}
