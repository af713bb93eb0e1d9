package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker on a queue of RabbitMQ. */
final class AmqpBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(AmqpBroker.class);

  private static final int EVENTS_PREFETCHED = 100;

  private final AmqpSettings settings;
  private final BrokerContext context;
  private final Topology topology;
  private final Connections connections;
  private final Intake intake;
  private final Publisher publisher;
  private final AmqpDelivery.Parts deliveryParts;
  private final Link<Consumption> requests;
  private final Link<Publishing> answers;
  private final Outage outage;
  private final List<Topology> topologies = new CopyOnWriteArrayList<>();
  private final List<AmqpEventStream> streams = new CopyOnWriteArrayList<>();
  private final List<AmqpEventFeed> feeds = new CopyOnWriteArrayList<>();
  private final AtomicLong unnamed = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean introduced = new AtomicBoolean();

  AmqpBroker(AmqpSettings settings, BrokerContext context) {
    this.settings = settings;
    this.context = context;
    this.topology = Topology.of(context);
    Clock clock = context.clock();
    String server = settings.url().servers();
    this.outage = new Outage(server);
    topologies.add(topology);
    this.connections = new Connections(settings, context.instance());
    this.intake = new Intake(clock, context.markers());
    this.publisher = new Publisher(server);
    this.deliveryParts =
        new AmqpDelivery.Parts(
            intake, new ReplyOffers(publisher, clock, context.replyPatience()), context.markers());
    var parts =
        new Consumption.Parts(
            "requests",
            connections,
            topology,
            settings.prefetch(context.mostHeld(), context.markers().isPresent()),
            intake,
            context.instance(),
            unnamed,
            clock);
    this.requests = new Link<>("amqp-requests", () -> consumption(parts), outage, clock);
    this.answers =
        new Link<>(
            "amqp-answers",
            () -> Publishing.open(connections, publisher, topologies, clock),
            outage,
            clock);
  }

  @Override
  public void start() {
    started.set(true);
    answers.start();
    requests.start();
    streams.forEach(AmqpEventStream::start);
    feeds.forEach(AmqpEventFeed::start);
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    return intake.take(atMost, wait).stream()
        .<Delivery>map(holding -> new AmqpDelivery(holding, deliveryParts))
        .toList();
  }

  @Override
  public void publish(String event, byte[] payload) throws InterruptedException {
    requireName("event", event);
    var properties = new BasicProperties.Builder().deliveryMode(Outgoing.PERSISTENT);
    var message = new Outgoing(topology.exchange(), event, false, properties, Body.of(payload));
    if (publisher.publish(message, ReplyOffers.OUTAGE_PATIENCE) == Publisher.Outcome.REFUSED) {
      throw new BrokerException(
          "RabbitMQ does not accept an event of " + payload.length + " bytes");
    }
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    judge(subscriber, names);
    Topology ofSubscriber = Topology.of(context, subscriber, names);
    topologies.add(ofSubscriber);
    var stream =
        new AmqpEventStream(
            new Consumption.Parts(
                "events-" + subscriber,
                connections,
                ofSubscriber,
                EVENTS_PREFETCHED,
                new Intake(context.clock(), Optional.empty()),
                context.instance(),
                unnamed,
                context.clock()),
            outage);
    streams.add(stream);
    return stream;
  }

  @Override
  public EventFeed feed(String subscriber, List<String> names, EventFeed.Share share) {
    judge(subscriber, names);
    var feed =
        new AmqpEventFeed(
            new FeedConsumption.Parts(
                connections,
                FeedQueue.of(context, subscriber, names, share),
                new FeedIntake(),
                new AtomicBoolean(),
                context.instance(),
                context.clock()),
            outage);
    feeds.add(feed);
    return feed;
  }

  private void judge(String subscriber, List<String> names) {
    requireName("subscriber", subscriber);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names: none (expected: at least one)");
    }
    names.forEach(name -> requireName("names", name));
    if (started.get()) {
      throw new IllegalStateException("broker: started already (expected: not yet)");
    }
  }

  @Override
  public Optional<String> absence() {
    if (closed.get() || !started.get()) {
      return Optional.of("RabbitMQ: the broker is not started, or closed");
    }
    boolean connected = requests.session().isPresent() && answers.session().isPresent();
    return connected
        ? Optional.empty()
        : Optional.of("RabbitMQ at " + outage.server() + " is not connected; the log says why");
  }

  @Override
  public OptionalLong backlog() {
    Optional<Publishing> asked = answers.session();
    if (asked.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong ready = asked.get().ready(topology.queue(context.event()));
    return ready.isPresent()
        ? OptionalLong.of(ready.getAsLong() + intake.waiting())
        : OptionalLong.empty();
  }

  @Override
  public void drain() {
    intake.drain();
    requests.session().ifPresent(Consumption::wake);
    streams.forEach(AmqpEventStream::drain);
    feeds.forEach(AmqpEventFeed::drain);
  }

  @Override
  public void close() {
    drain();
    if (closed.getAndSet(true)) {
      return;
    }
    streams.forEach(AmqpEventStream::close);
    feeds.forEach(AmqpEventFeed::close);
    intake.close();
    publisher.close();
    if (requests.end()) {
      intake.closedInOrder();
    }
    answers.end();
    connections.close();
  }

  private Consumption consumption(Consumption.Parts parts) throws IOException, TimeoutException {
    Consumption consumption = Consumption.open(parts);
    if (!introduced.getAndSet(true)) {
      LOG.info(
          "Connected to RabbitMQ {} at {}: exchange {}, queue {}, prefetch {}, as {}",
          consumption.version(),
          settings.url().servers(),
          topology.exchange(),
          topology.queue(context.event()),
          parts.prefetch(),
          context.instance());
    }
    return consumption;
  }

  private static void requireName(String what, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + ": empty (expected: a name)");
    }
    Topology.requireShort(what, name, 0);
  }
}
