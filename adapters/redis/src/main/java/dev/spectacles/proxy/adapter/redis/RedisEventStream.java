package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Events of one subscriber: a stream for each name, read by one consumer group. */
final class RedisEventStream implements EventStream {
  private final String subscriber;
  private final List<String> names;
  private final RedisSettings settings;
  private final Outage outage;
  private final Clock clock;
  private final Receiver<Event> receiver;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile List<ConsumerGroup> groups = List.of();

  RedisEventStream(
      String subscriber, List<String> names, RedisSettings settings, Outage outage, Clock clock) {
    this.subscriber = subscriber;
    this.names = List.copyOf(names);
    this.settings = settings;
    this.outage = outage;
    this.clock = clock;
    this.receiver = new Receiver<>(outage, clock);
  }

  /** Makes sure that its groups are there. */
  void subscribe(Session session) throws InterruptedException {
    groups = session.subscribe(subscriber, names);
  }

  /** One of each stream, once it has subscribed. */
  List<ConsumerGroup> groups() {
    return groups;
  }

  /** Begins to read what it has subscribed to. */
  void opened() {
    receiver.opened(new Intake<>(groups, this::event, outage, settings, clock));
  }

  @Override
  public List<Event> receive(int atMost, Duration wait) throws InterruptedException {
    return receiver.receive(atMost, wait);
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    receiver.drain();
  }

  @Override
  public void close() {
    drain();
    if (!closed.getAndSet(true)) {
      groups.forEach(group -> group.leave(settings, outage));
    }
  }

  private Optional<Event> event(
      ConsumerGroup group, StreamCommands.Entry entry, boolean redelivered) {
    return Optional.of(new RedisEvent(group, entry, redelivered, closed::get));
  }
}
