package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EventFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection to a server that was reached once; Redisson restores it from then on.
 *
 * <p>Thread-safe.
 */
final class Session implements Link.Connected {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int MAJOR = 6;
  private static final int MINOR = 2;

  private final RedissonClient client;
  private final RedissonClient reader;
  private final Optional<RedissonClient> feeds;
  private final BrokerContext context;
  private final ConsumerGroup requests;
  private final ServerTime time;
  private final String version;
  private final Clock clock;

  private Session(
      RedissonClient client,
      RedissonClient reader,
      Optional<RedissonClient> feeds,
      BrokerContext context)
      throws InterruptedException {
    this.client = client;
    this.reader = reader;
    this.feeds = feeds;
    this.context = context;
    this.clock = context.clock();
    this.requests = group(context.event(), context.group(), ConsumerGroup.Start.OLDEST);
    long before = clock.nanoTime();
    var about = commands().about();
    this.time = new ServerTime(clock, about.micros(), before);
    this.version = about.version();
    requireVersion(version);
    if (about.mayEvict()) {
      LOG.warn(
          "Redis may evict requests and \"sent\" markers: maxmemory-policy: {} (expected:"
              + " noeviction)",
          about.evictionPolicy());
    }
  }

  /**
   * Connects and makes sure that the group of the requests is there.
   *
   * @param readers how many read at the same time
   * @param feeds how many read several streams in one order
   */
  static Session open(RedisSettings settings, BrokerContext context, int readers, int feeds)
      throws InterruptedException {
    String name = RedisConnections.name("proxy", context.instance());
    var clients = new ArrayList<RedissonClient>();
    boolean opened = false;
    try {
      RedissonClient client = RedisConnections.commands(settings, name);
      clients.add(client);
      RedissonClient reader = RedisConnections.reader(settings, name + "-reader", readers);
      clients.add(reader);
      Optional<RedissonClient> ofFeeds = Optional.empty();
      if (feeds > 0) {
        ofFeeds = Optional.of(RedisConnections.feeds(settings, name + "-feed", feeds));
        clients.add(ofFeeds.get());
      }
      var session = new Session(client, reader, ofFeeds, context);
      session.requests.ensure();
      opened = true;
      return session;
    } finally {
      if (!opened) {
        clients.forEach(RedisConnections::close);
      }
    }
  }

  /** Group of another stream, not created yet. */
  private ConsumerGroup group(String stream, String group, ConsumerGroup.Start start) {
    return new ConsumerGroup(
        new StreamCommands(client, reader, stream, group, context.instance()), start);
  }

  /** Groups of a subscriber, one of each of its streams; makes sure that they are there. */
  List<ConsumerGroup> subscribe(String subscriber, List<String> streams)
      throws InterruptedException {
    var groups = new ArrayList<ConsumerGroup>();
    for (String stream : streams) {
      String name = context.group() + "-" + subscriber;
      var group = group(stream, name, ConsumerGroup.Start.NEWEST);
      group.ensure();
      groups.add(group);
    }
    return groups;
  }

  /** Commands of a subscriber's feed; of a session that was opened for feeds. */
  FeedCommands feed(String subscriber, EventFeed.Share share, boolean cluster) {
    String name = context.group() + "-" + subscriber;
    return new FeedCommands(feeds.orElseThrow(), share, name, cluster, time);
  }

  /**
   * Publishes an event.
   *
   * @param useful age from which entries of the stream are removed; empty for none
   */
  void publish(String event, byte[] payload, Optional<Duration> useful)
      throws InterruptedException {
    StreamAddArgs<String, byte[]> args = StreamAddArgs.entry(StreamCommands.DATA, payload);
    if (useful.isPresent()) {
      long oldest = time.millisAt(clock.nanoTime()) - useful.get().toMillis();
      // To the entry: whole nodes could keep what is personal for as long as little is published.
      args = args.trim().minId(new StreamMessageId(Math.max(0, oldest), 0)).noLimit();
    }
    StreamCommands.await(
        client.<String, byte[]>getStream(event, StreamCommands.ENTRY).addAsync(args));
  }

  /** Group of the requests. */
  ConsumerGroup requests() {
    return requests;
  }

  /** Name for the time since the group of the requests was created. */
  String generation() {
    return requests.generation();
  }

  /** Commands on the stream of the requests. */
  StreamCommands commands() {
    return requests.commands();
  }

  ServerTime time() {
    return time;
  }

  String version() {
    return version.isEmpty() ? "of an unknown version" : version;
  }

  /** Reads the server's clock again. */
  void readTime() throws InterruptedException {
    long before = clock.nanoTime();
    time.read(commands().about().micros(), before);
  }

  @Override
  public void close() {
    feeds.ifPresent(RedisConnections::close);
    RedisConnections.close(reader);
    RedisConnections.close(client);
  }

  /** Fails where scripts and commands of ours would. */
  static void requireVersion(String version) {
    String[] parts = version.split("\\.", 3);
    if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
      return;
    }
    int major = Integer.parseInt(parts[0]);
    if (major < MAJOR || (major == MAJOR && Integer.parseInt(parts[1]) < MINOR)) {
      throw new RedisException("version: " + version + " (expected: Redis 6.2 or newer)");
    }
  }
}
