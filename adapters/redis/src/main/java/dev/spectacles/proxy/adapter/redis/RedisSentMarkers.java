package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.SentMarkers;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes in Redis, a key each. Thread-safe. */
final class RedisSentMarkers implements SentMarkers {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSentMarkers.class);
  private static final String PREFIX = "sp:1:sent:";
  private static final Duration KEPT = Duration.ofHours(24);

  private final Supplier<RedissonClient> client;

  /**
   * Notes over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  RedisSentMarkers(Supplier<RedissonClient> client) {
    this.client = client;
  }

  @Override
  public void mark(String request) throws InterruptedException {
    try {
      StreamCommands.await(note(request).setAsync("1", KEPT));
    } catch (RedisException e) {
      throw Failures.storeFailed("Writing a \"sent\" marker", e);
    }
  }

  @Override
  public boolean isMarked(String request) throws InterruptedException {
    try {
      return StreamCommands.await(note(request).isExistsAsync());
    } catch (RedisException e) {
      throw Failures.storeFailed("Reading a \"sent\" marker", e);
    }
  }

  @Override
  public void forget(String request) {
    try {
      note(request).deleteAsync().whenComplete((deleted, failure) -> forgotten(failure));
    } catch (RedisException e) {
      forgotten(e);
    }
  }

  /** It expires by itself then. */
  private static void forgotten(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.debug("\"sent\" marker not removed: {}", Failures.reason(failure));
    }
  }

  private RBucket<String> note(String request) {
    return client.get().getBucket(PREFIX + request, StringCodec.INSTANCE);
  }
}
