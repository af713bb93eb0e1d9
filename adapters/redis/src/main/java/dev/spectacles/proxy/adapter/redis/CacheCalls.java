package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.StringCodec;

/**
 * Calls for the cache, which interrupts what takes it too long. Thread-safe; what fails becomes a
 * {@link StoreException} without anything secret.
 */
final class CacheCalls {
  /** Beyond what Redisson and the cache wait, so that no fault of theirs is waited for for ever. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Supplier<RedissonClient> client;

  /**
   * Calls over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  CacheCalls(Supplier<RedissonClient> client) {
    this.client = client;
  }

  /**
   * Result of a command.
   *
   * @param action for messages, such as {@code Reading an answer}
   */
  <T> @Nullable T call(String action, Function<RedissonClient, RFuture<T>> command)
      throws InterruptedException {
    try {
      return await(command.apply(client.get()));
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** What a script answers with. */
  List<Object> run(String action, Script script, List<Object> keys, Object... arguments)
      throws InterruptedException {
    try {
      return script.run(
          client.get().getScript(StringCodec.INSTANCE), keys, arguments, CacheCalls::await);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Not cancelled if nobody waits any more: what comes of it tells whether the server is there. */
  private static <T> T await(RFuture<T> future) throws InterruptedException {
    try {
      return future.get(BOUND.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RedisTimeoutException("no answer within " + BOUND.toSeconds() + " s");
    } catch (CancellationException e) {
      throw new RedisException("cancelled", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    }
  }
}
