package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Clock;
import java.util.UUID;
import org.redisson.api.RedissonClient;
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
  private final StreamCommands commands;
  private final ServerTime time;
  private final String version;
  private final Clock clock;
  private volatile String generation = "";
  private volatile String lastSeen = "";

  private Session(RedissonClient client, RedissonClient reader, BrokerContext context)
      throws InterruptedException {
    this.client = client;
    this.reader = reader;
    this.clock = context.clock();
    this.commands =
        new StreamCommands(client, reader, context.event(), context.group(), context.instance());
    long before = clock.nanoTime();
    var about = commands.about();
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

  /** Connects and makes sure that the group is there. */
  static Session open(RedisSettings settings, BrokerContext context) throws InterruptedException {
    String name = "spectacles-proxy-" + context.instance().replaceAll("[^A-Za-z0-9._-]", "_");
    RedissonClient client = RedisConnections.commands(settings, name);
    RedissonClient reader = null;
    boolean opened = false;
    try {
      reader = RedisConnections.reader(settings, name + "-reader");
      var session = new Session(client, reader, context);
      session.ensureGroup();
      opened = true;
      return session;
    } finally {
      if (!opened) {
        RedisConnections.close(client);
        if (reader != null) {
          RedisConnections.close(reader);
        }
      }
    }
  }

  /** Creates the group if it is not there, such as on a server that came back empty. */
  void ensureGroup() throws InterruptedException {
    StreamCommands.Group group = commands.createGroup(lastSeen, UUID.randomUUID().toString());
    String before = generation;
    generation = group.generation();
    if (group.created() && !before.isEmpty()) {
      LOG.warn("Redis lost the consumer group; created again at {}", group.createdAt());
    }
  }

  /** An entry was delivered; they come in order. */
  void delivered(StreamMessageId id) {
    lastSeen = id.toString();
  }

  /** Name for the time since the group was created. */
  String generation() {
    return generation;
  }

  StreamCommands commands() {
    return commands;
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
    time.read(commands.about().micros(), before);
  }

  @Override
  public void close() {
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
