package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.Generation;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
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
   * Long beside the life of any answer, which its tags' generations need not outlive by much: who
   * outlives them is asked for again.
   */
  private static final Duration LIFE = Duration.ofHours(24);

  private static final String MADE = "c";
  private static final String BUMPED = "b";
  private static final int HASH_BYTES = 16;
  private static final int RUN_BYTES = 12;

  private final CacheCalls calls;
  private final AtomicLong numbers = new AtomicLong();

  /** What no other instance's generations have in them. */
  private final String run;

  /**
   * Tags over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  RedisCacheTags(Supplier<RedissonClient> client, Clock clock) {
    this.calls = new CacheCalls(client, clock);
    var random = new byte[RUN_BYTES];
    new SecureRandom().nextBytes(random);
    this.run = HexFormat.of().formatHex(random) + "-";
  }

  @Override
  public List<Generation> current(List<String> tags) throws InterruptedException {
    if (tags.isEmpty()) {
      return List.of();
    }
    List<Object> found =
        calls.run(
            "Reading the generations of tags",
            Script.GENERATIONS,
            keys(tags),
            next(MADE),
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
      calls.run("Bumping tags", Script.BUMP_TAGS, keys(tags), next(BUMPED), LIFE.toMillis());
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

  private String next(String kind) {
    return kind + run + numbers.incrementAndGet();
  }

  private static List<Object> keys(Collection<String> tags) {
    return tags.stream().<Object>map(RedisCacheTags::key).toList();
  }

  private static String key(String tag) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(tag.getBytes(UTF_8));
      return PREFIX + HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
