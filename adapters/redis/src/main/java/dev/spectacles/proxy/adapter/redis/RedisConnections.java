package dev.spectacles.proxy.adapter.redis;

import java.net.MalformedURLException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SubscriptionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maker of Redisson clients: sizes, timeouts and addresses in one place. */
final class RedisConnections {
  private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

  // A blocked read holds its connection, so readers have a client of their own. One that was
  // cancelled still holds it for a while, hence two for each.
  private static final int READER_CONNECTIONS = 2;
  // A feed waits by another connection than it reads and acks by.
  private static final int FEED_CONNECTIONS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  private static final int RETRIES = 2;
  private static final EqualJitterDelay RETRY_DELAY =
      new EqualJitterDelay(Duration.ofMillis(100), Duration.ofMillis(500));
  private static final EqualJitterDelay RECONNECT_DELAY =
      new EqualJitterDelay(Duration.ofMillis(50), Duration.ofSeconds(2));

  private RedisConnections() {}

  /** Client for commands that may be repeated, and for subscriptions; connects at once. */
  static RedissonClient commands(RedisSettings settings, String name) throws InterruptedException {
    return create(settings, name, settings.connectionsUsed(), RETRIES);
  }

  /** Client for a worker, whose requests must not be published twice; connects at once. */
  static RedissonClient worker(RedisSettings settings, String name) throws InterruptedException {
    return create(settings, name, settings.connectionsUsed(), 0);
  }

  /** Client for the limiter, whose claims must not be repeated nor wait long; connects at once. */
  static RedissonClient limiter(RedisSettings settings, String name) throws InterruptedException {
    return create(settings, name, settings.connectionsUsed(), 0, SHORT_TIMEOUT);
  }

  /** Client for answers that are kept, for which nobody waits long; connects at once. */
  static RedissonClient answers(RedisSettings settings, String name) throws InterruptedException {
    return create(settings, name, settings.connectionsUsed(), 0, SHORT_TIMEOUT);
  }

  /**
   * Client for entities, whose writes must not overtake one another by being repeated; connects at
   * once.
   */
  static RedissonClient entities(RedisSettings settings, String name) throws InterruptedException {
    return create(settings, name, settings.connectionsUsed(), 0);
  }

  /** Client for so many reads that block at a time; connects at once. */
  static RedissonClient reader(RedisSettings settings, String name, int readers)
      throws InterruptedException {
    return create(settings, name, readers * READER_CONNECTIONS, RETRIES);
  }

  /**
   * Client for so many feeds, whose reads must not be repeated, or what the first one was handed
   * would come after what the second one is; connects at once.
   */
  static RedissonClient feeds(RedisSettings settings, String name, int feeds)
      throws InterruptedException {
    return create(settings, name, feeds * FEED_CONNECTIONS, 0);
  }

  /** What the clients of an instance are called at the server, by what they are for. */
  static String name(String role, String instance) {
    return "spectacles-" + role + "-" + instance.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** Closes without waiting for what still runs. */
  static void close(RedissonClient client) {
    client.shutdown(0, 100, TimeUnit.MILLISECONDS);
  }

  private static RedissonClient create(
      RedisSettings settings, String name, int connections, int retries)
      throws InterruptedException {
    return create(settings, name, connections, retries, TIMEOUT);
  }

  private static RedissonClient create(
      RedisSettings settings, String name, int connections, int retries, Duration timeout)
      throws InterruptedException {
    RedisUrl url = settings.url();
    var config = new Config();
    // The default codec would need kryo; every call here names its own anyway.
    config.setCodec(ByteArrayCodec.INSTANCE).setThreads(2).setNettyThreads(2);
    // Redisson notes for the whole JVM, by address, which scripts a server has, and a batch never
    // asks again: behind a server that was flushed or replaced it would fail for good.
    config.setUseScriptCache(false);
    url.user().ifPresent(config::setUsername);
    url.password().ifPresent(config::setPassword);
    settings.truststore().ifPresent(file -> trust(config, file, settings));
    switch (url.topology()) {
      case SINGLE -> {
        var single =
            config
                .useSingleServer()
                .setAddress(addresses(url).getFirst())
                .setDatabase(url.database())
                .setConnectionPoolSize(connections)
                .setConnectionMinimumIdleSize(Math.min(2, connections))
                .setSubscriptionConnectionPoolSize(2)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setSubscriptionsPerConnection(1000);
        common(single, name, retries, timeout);
      }
      case SENTINEL -> {
        var sentinel =
            config
                .useSentinelServers()
                .setMasterName(url.master().orElseThrow())
                .addSentinelAddress(addresses(url).toArray(String[]::new))
                .setCheckSentinelsList(false)
                .setDatabase(url.database());
        settings.sentinelUser().ifPresent(sentinel::setSentinelUsername);
        settings.sentinelPassword().ifPresent(sentinel::setSentinelPassword);
        several(sentinel, name, connections, retries, timeout);
      }
      case CLUSTER ->
          several(
              config.useClusterServers().addNodeAddress(addresses(url).toArray(String[]::new)),
              name,
              connections,
              retries,
              timeout);
    }
    return connected(config);
  }

  /**
   * Connects; Redisson bounds how long that takes. When it is interrupted at that it leaves its
   * threads behind, so nobody does: what is made too late is closed at once.
   */
  private static RedissonClient connected(Config config) throws InterruptedException {
    var making = new FutureTask<RedissonClient>(() -> Redisson.create(config));
    Thread.ofVirtual().name("redis-create").start(making);
    try {
      return making.get();
    } catch (InterruptedException e) {
      Thread.ofVirtual().name("redis-create-late").start(() -> closeLate(making));
      throw e;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static void closeLate(FutureTask<RedissonClient> making) {
    try {
      close(making.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      LOG.debug("connection given up, and not made: {}", Failures.reason(e));
    }
  }

  /** What Redisson threw. */
  private static RuntimeException failure(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    return new RedisException("Redisson failed", e.getCause());
  }

  private static void several(
      BaseMasterSlaveServersConfig<?> config,
      String name,
      int connections,
      int retries,
      Duration timeout) {
    config.setReadMode(ReadMode.MASTER);
    config.setSubscriptionMode(SubscriptionMode.MASTER);
    config.setMasterConnectionPoolSize(connections);
    config.setMasterConnectionMinimumIdleSize(Math.min(2, connections));
    config.setSlaveConnectionPoolSize(connections);
    config.setSlaveConnectionMinimumIdleSize(1);
    config.setSubscriptionConnectionPoolSize(2);
    config.setSubscriptionConnectionMinimumIdleSize(1);
    config.setSubscriptionsPerConnection(1000);
    common(config, name, retries, timeout);
  }

  private static void common(BaseConfig<?> config, String name, int retries, Duration timeout) {
    config.setClientName(name);
    config.setTimeout((int) timeout.toMillis());
    config.setConnectTimeout((int) TIMEOUT.toMillis());
    config.setRetryAttempts(retries);
    config.setRetryDelay(RETRY_DELAY);
    config.setReconnectionDelay(RECONNECT_DELAY);
  }

  private static List<String> addresses(RedisUrl url) {
    String scheme = url.tls() ? "rediss://" : "redis://";
    return url.nodes().stream().map(node -> scheme + node).toList();
  }

  private static void trust(Config config, String file, RedisSettings settings) {
    try {
      config.setSslTruststore(Path.of(file).toUri().toURL());
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("redis.truststore: not a path (expected: a file)", e);
    }
    settings.truststorePassword().ifPresent(config::setSslTruststorePassword);
  }
}
