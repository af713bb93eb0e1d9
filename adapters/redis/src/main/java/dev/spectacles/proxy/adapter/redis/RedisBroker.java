package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker on a Redis stream and its consumer group; events are streams of their own. */
final class RedisBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBroker.class);

  /** How long an event waits for the first connection. */
  private static final Duration PUBLISH_WAIT = Duration.ofSeconds(3);

  /** What exists from the moment the server was reached. */
  private record Parts(Session session, ReplyPump replies, Upkeep upkeep) {}

  /** Feed and whose it is. */
  private record Subscribed(String subscriber, EventFeed.Share share, RedisEventFeed feed) {}

  private final RedisSettings settings;
  private final BrokerContext context;
  private final Clock clock;
  private final Outage outage;
  private final HeldEntries held = new HeldEntries();
  private final Link<Session> link;
  private final Receiver<Delivery> requests;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<RedisEventStream> streams = new ArrayList<>();
  private final List<Subscribed> feeds = new ArrayList<>();
  private @Nullable Parts parts;
  private boolean started;
  private boolean closed;

  RedisBroker(RedisSettings settings, BrokerContext context) {
    this.settings = settings;
    this.context = context;
    this.clock = context.clock();
    this.outage = new Outage(settings.url().servers(), clock);
    this.link = new Link<>(this::connect, outage, clock, this::opened);
    this.requests = new Receiver<>(outage, clock);
  }

  @Override
  public void start() {
    lock.lock();
    try {
      started = true;
    } finally {
      lock.unlock();
    }
    link.start();
  }

  @Override
  public List<Delivery> receive(int atMost, Duration wait) throws InterruptedException {
    return requests.receive(atMost, wait);
  }

  @Override
  public void publish(String event, byte[] payload) throws InterruptedException {
    publish(event, payload, Optional.empty());
  }

  @Override
  public void publish(String event, byte[] payload, Duration useful) throws InterruptedException {
    publish(event, payload, Optional.of(useful));
  }

  private void publish(String event, byte[] payload, Optional<Duration> useful)
      throws InterruptedException {
    if (event.isEmpty()) {
      throw new IllegalArgumentException("event: empty (expected: a name)");
    }
    Optional<Session> session = isClosed() ? Optional.empty() : link.await(PUBLISH_WAIT);
    if (session.isEmpty()) {
      throw new BrokerException("Redis is not connected: event " + event + " is not published");
    }
    long attempt = outage.attempt();
    try {
      session.get().publish(event, payload, useful);
      outage.over(attempt);
    } catch (RedisException e) {
      outage.noticed(e);
      throw Failures.failed("Publishing event " + event, e);
    }
  }

  @Override
  public EventStream events(String subscriber, List<String> names) {
    lock.lock();
    try {
      judge(subscriber, names);
      var stream = new RedisEventStream(subscriber, names, settings, outage, clock);
      streams.add(stream);
      return stream;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public EventFeed feed(String subscriber, List<String> names, EventFeed.Share share) {
    lock.lock();
    try {
      judge(subscriber, names);
      var feed = new RedisEventFeed(names, share, outage, clock);
      feeds.add(new Subscribed(subscriber, share, feed));
      return feed;
    } finally {
      lock.unlock();
    }
  }

  private void judge(String subscriber, List<String> names) {
    if (subscriber.isEmpty() || names.isEmpty() || names.contains("")) {
      throw new IllegalArgumentException(
          "events: names " + names + " for \"" + subscriber + "\" (expected: none empty)");
    }
    if (started) {
      throw new IllegalStateException("broker: started (expected: events before its start)");
    }
  }

  @Override
  public Optional<String> absence() {
    if (isClosed()) {
      return Optional.of("Redis: the broker is closed");
    }
    if (link.session().isEmpty()) {
      return Optional.of("Redis at " + outage.server() + " was not reached yet");
    }
    return outage
        .lasting()
        .map(
            away ->
                "Redis at %s is not reachable, for %d s"
                    .formatted(outage.server(), away.toSeconds()));
  }

  @Override
  public OptionalLong backlog() throws InterruptedException {
    Optional<Session> session = link.session();
    if (session.isEmpty() || isClosed()) {
      return OptionalLong.empty();
    }
    try {
      return session.get().commands().backlog();
    } catch (RedisException e) {
      throw Failures.failed("Counting what waits", e);
    }
  }

  @Override
  public void drain() {
    requests.drain();
    streams().forEach(RedisEventStream::drain);
    feeds().forEach(each -> each.feed().drain());
    link.release();
  }

  @Override
  public void close() {
    drain();
    Parts last;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      last = parts;
    } finally {
      lock.unlock();
    }
    streams().forEach(RedisEventStream::close);
    feeds().forEach(each -> each.feed().close());
    if (last != null) {
      last.replies().close();
      last.upkeep().close();
      held.clear();
      last.session().requests().leave(settings, outage);
    }
    link.close();
  }

  /** Connects, and has every group created before anybody publishes. */
  private Session connect() throws InterruptedException {
    Session session = Session.open(settings, context, 1 + streams().size(), feeds().size());
    boolean subscribed = false;
    try {
      for (RedisEventStream stream : streams()) {
        stream.subscribe(session);
      }
      subscribed = true;
      return session;
    } finally {
      if (!subscribed) {
        session.close();
      }
    }
  }

  private void opened(Session session) {
    lock.lock();
    try {
      boolean cluster = settings.url().topology() == RedisUrl.Topology.CLUSTER;
      var replies =
          new ReplyPump(
              session,
              held,
              new LostReplies(clock),
              outage,
              clock,
              context.replyPatience(),
              cluster);
      var groups = new ArrayList<ConsumerGroup>(List.of(session.requests()));
      streams.forEach(stream -> groups.addAll(stream.groups()));
      var upkeep = new Upkeep(session, groups, held, outage, settings, clock);
      parts = new Parts(session, replies, upkeep);
      outage.over();
      Intake.Receipt<Delivery> receipt =
          (group, entry, redelivered) -> hold(entry, redelivered, session, replies);
      requests.opened(new Intake<>(List.of(session.requests()), receipt, outage, settings, clock));
      streams.forEach(RedisEventStream::opened);
      feeds.forEach(
          each -> each.feed().opened(session.feed(each.subscriber(), each.share(), cluster)));
    } finally {
      lock.unlock();
    }
    LOG.info(
        "Connected to Redis {} at {}: stream {}, group {}, as {}",
        session.version(),
        settings.url().servers(),
        context.event(),
        context.group(),
        context.instance());
  }

  private Optional<Delivery> hold(
      StreamCommands.Entry entry, boolean redelivered, Session session, ReplyPump replies) {
    // Our own, if we were stalled for so long that it looked orphaned.
    if (held.holds(entry.id())) {
      return Optional.empty();
    }
    var delivery = new RedisDelivery(entry, redelivered, session, replies, clock.nanoTime());
    held.add(delivery);
    return Optional.of(delivery);
  }

  private List<RedisEventStream> streams() {
    lock.lock();
    try {
      return List.copyOf(streams);
    } finally {
      lock.unlock();
    }
  }

  private List<Subscribed> feeds() {
    lock.lock();
    try {
      return List.copyOf(feeds);
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
