package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Broker in the process of its callers. What it holds dies with the process, and they too. */
final class LocalBroker implements Broker {
  private final LocalExchange exchange;
  private final Clock clock;
  private final Duration patience;
  private final LocalHolding requests;
  private final List<LocalEventStream> streams = new CopyOnWriteArrayList<>();
  private final List<LocalEventFeed> feeds = new CopyOnWriteArrayList<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Broker on this exchange.
   *
   * @param event that requests are published as
   * @param patience how long an answer is offered
   */
  LocalBroker(LocalExchange exchange, String event, Duration patience, Clock clock) {
    this.exchange = exchange;
    this.clock = clock;
    this.patience = patience;
    this.requests = new LocalHolding(exchange, exchange.requests(event));
  }

  @Override
  public void start() {
    if (!started.getAndSet(true)) {
      exchange.begins();
    }
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    return requests.take(atMost, wait).stream()
        .<Delivery>map(message -> new LocalDelivery(message, requests, clock, patience))
        .toList();
  }

  @Override
  public void publish(String event, byte[] payload) {
    if (event.isEmpty()) {
      throw new IllegalArgumentException("event: empty (expected: a name)");
    }
    if (!started.get() || closed.get()) {
      throw new BrokerException(event + ": not published, as the broker does not serve");
    }
    exchange.publish(event, payload, clock.nanoTime());
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    judge(subscriber, names);
    var stream =
        new LocalEventStream(new LocalHolding(exchange, exchange.subscribe(subscriber, names)));
    streams.add(stream);
    return stream;
  }

  /** Begins with what is published from now on, as nothing older is kept for nobody. */
  @Override
  public EventFeed feed(String subscriber, List<String> names, EventFeed.Share share) {
    judge(subscriber, names);
    // Subscribers to events have no such names.
    boolean shared = share == EventFeed.Share.ONE_INSTANCE;
    String reader = "\0" + subscriber + (shared ? "" : "\0" + UUID.randomUUID());
    var feed =
        new LocalEventFeed(
            new LocalHolding(exchange, exchange.subscribe(reader, names)),
            clock,
            shared ? () -> {} : () -> exchange.unsubscribe(reader));
    feeds.add(feed);
    return feed;
  }

  private void judge(String subscriber, List<String> names) {
    if (subscriber.isEmpty() || names.isEmpty() || names.contains("")) {
      throw new IllegalArgumentException(
          "events: names " + names + " for \"" + subscriber + "\" (expected: none empty)");
    }
    if (started.get()) {
      throw new IllegalStateException("broker: started (expected: events before its start)");
    }
  }

  @Override
  public Optional<String> absence() {
    return started.get() && !closed.get()
        ? Optional.empty()
        : Optional.of("local broker: not started, or closed");
  }

  @Override
  public OptionalLong backlog() {
    return OptionalLong.of(requests.waiting());
  }

  @Override
  public void drain() {
    requests.drain();
    streams.forEach(LocalEventStream::drain);
    feeds.forEach(LocalEventFeed::drain);
  }

  @Override
  public void close() {
    drain();
    boolean first = !closed.getAndSet(true);
    requests.close();
    streams.forEach(LocalEventStream::close);
    feeds.forEach(LocalEventFeed::close);
    if (first && started.get()) {
      exchange.ends();
    }
  }
}
