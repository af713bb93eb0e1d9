package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.UniqueText;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.route.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Tags in Redis, a key each, seen by all instances that use the same server. Thread-safe.
 *
 * <p>All have one hash tag, so that a cluster keeps them on one node and a look-up is one call.
 * Their names are hashed: a tag may hold a path with a webhook's token.
 */
final class RedisCacheTags implements CacheTags {
  private static final String PREFIX = "sp:1:{gen}:";
  private static final String SECRET = "sp:1:cache:secret";

  /**
   * Of one that somebody asked for, from when half of it was over: as long as most answers may be
   * kept. Who outlives it costs no more than a miss.
   */
  private static final Duration LIFE = Duration.ofHours(1);

  /**
   * Of a bump at least: longer than it matters when it was. No answer is kept under a tag that
   * nobody asked for, so that its bump need not be remembered for any other reason, and there are
   * several with every write.
   */
  private static final Duration LIFE_OF_BUMP = Duration.ofSeconds(30);

  private final CacheCalls calls;
  private final AtomicLong numbers = new AtomicLong();

  /** What no other instance's generations have in them. */
  private final String run = UniqueText.next() + "-";

  /**
   * Tags over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  RedisCacheTags(Supplier<RedissonClient> client) {
    this.calls = new CacheCalls(client);
  }

  @Override
  public List<Generation> current(List<String> tags) throws InterruptedException {
    if (tags.isEmpty()) {
      return List.of();
    }
    List<Object> found =
        calls.run(
            "Asking which stored answers are still valid",
            Script.GENERATIONS,
            keys(tags),
            next(),
            LIFE.toMillis());
    var generations = new ArrayList<Generation>(tags.size());
    for (int i = 0; i < found.size(); i += 2) {
      long since = (Long) found.get(i + 1);
      generations.add(
          new Generation(
              (String) found.get(i),
              since < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(since))));
    }
    return generations;
  }

  @Override
  public void bump(Collection<String> tags) throws InterruptedException {
    if (!tags.isEmpty()) {
      calls.run(
          "Telling which stored answers are not valid any more",
          Script.BUMP_TAGS,
          keys(tags),
          next(),
          LIFE_OF_BUMP.toMillis());
    }
  }

  @Override
  public byte[] secret(byte[] proposal) throws InterruptedException {
    calls.call("Proposing the cache's secret", client -> secret(client).setIfAbsentAsync(proposal));
    byte[] kept = calls.call("Reading the cache's secret", client -> secret(client).getAsync());
    if (kept == null) {
      throw new StoreException(SECRET + ": not there any more (expected: kept by Redis)");
    }
    return kept;
  }

  private static RBucket<byte[]> secret(RedissonClient client) {
    return client.getBucket(SECRET, ByteArrayCodec.INSTANCE);
  }

  private String next() {
    return run + numbers.incrementAndGet();
  }

  private static List<Object> keys(Collection<String> tags) {
    return tags.stream().<Object>map(tag -> PREFIX + Digest.of(tag)).toList();
  }
}
