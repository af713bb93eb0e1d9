package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Answers in Redis, a key each that expires by itself, shared by all instances that use the same
 * server. What they take in all is for the server's {@code maxmemory} to bound. Thread-safe.
 */
final class RedisResponseStore implements ResponseStore {
  private static final String PREFIX = "sp:1:rest:";
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Keys that are looked at to estimate how many are answers: some milliseconds of the server. */
  private static final int SAMPLE = 2_000;

  private static final int MEASURED = 200;

  private final Outage outage;
  private final Link<AnswersSession> link;
  private final CacheCalls calls;
  private final int mostPerEntry;
  private volatile boolean closed;

  RedisResponseStore(RedisSettings settings, String instance, int mostPerEntry, Clock clock) {
    this.outage = new Outage(settings.url().servers(), clock);
    this.link =
        new Link<>(
            () -> AnswersSession.open(settings, instance), outage, clock, session -> outage.over());
    this.calls = new CacheCalls(this::client);
    this.mostPerEntry = mostPerEntry;
  }

  /** Connects in the background. */
  RedisResponseStore start() {
    link.start();
    return this;
  }

  /** Waits until the server was reached once; whether it was. */
  boolean awaitConnection(Duration wait) throws InterruptedException {
    return link.await(wait).isPresent();
  }

  @Override
  public Optional<byte[]> get(CacheKey key) throws InterruptedException {
    return Optional.ofNullable(
        calls.call("Reading an answer", client -> watched(bucket(client, key).getAsync())));
  }

  @Override
  public boolean put(CacheKey key, byte[] response, Duration kept) throws InterruptedException {
    if (response.length > mostPerEntry) {
      remove(key);
      return false;
    }
    Duration life = kept.compareTo(SHORTEST) < 0 ? SHORTEST : kept;
    calls.call(
        "Keeping an answer", client -> watched(bucket(client, key).setAsync(response, life)));
    return true;
  }

  private void remove(CacheKey key) throws InterruptedException {
    calls.call("Removing an answer", client -> watched(bucket(client, key).deleteAsync()));
  }

  /** By a sample, unless the server holds little; of a cluster, what one node holds. */
  @Override
  public Usage usage() throws InterruptedException {
    List<Object> found =
        calls.run(
            "Looking at answers",
            Script.ANSWERS_USAGE,
            List.of(PREFIX),
            PREFIX + "*",
            SAMPLE,
            MEASURED);
    return new Usage((Long) found.get(0), (Long) found.get(1));
  }

  @Override
  public void close() {
    closed = true;
    link.close();
  }

  private RedissonClient client() {
    return link.session().map(AnswersSession::client).orElseThrow(NotReachedException::new);
  }

  /** Also of a call that nobody waits for any more, it is told whether the server is away. */
  private <T> RFuture<T> watched(RFuture<T> call) {
    long attempt = outage.attempt();
    call.whenComplete((result, failure) -> told(attempt, failure));
    return call;
  }

  private void told(long attempt, @Nullable Throwable failure) {
    if (failure == null) {
      outage.over(attempt);
    } else if (!closed && !(failure instanceof CancellationException)) {
      outage.noticed(failure);
    }
  }

  private static RBucket<byte[]> bucket(RedissonClient client, CacheKey key) {
    return client.getBucket(PREFIX + key, ByteArrayCodec.INSTANCE);
  }
}
