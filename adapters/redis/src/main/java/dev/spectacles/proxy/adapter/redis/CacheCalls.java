package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * Calls for the caches, which interrupt what takes them too long. Thread-safe; what fails becomes a
 * {@link StoreException} without anything secret.
 */
final class CacheCalls {
  /** One of several commands that are sent together. */
  interface Command {
    /** Adds it to those that are sent. */
    RFuture<?> addTo(RBatch batch);
  }

  /** Beyond what Redisson and the cache wait, so that no fault of theirs is waited for for ever. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Supplier<RedissonClient> client;
  private final Duration bound;
  private final Consumer<RFuture<?>> watch;

  /**
   * Calls over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  CacheCalls(Supplier<RedissonClient> client) {
    this(client, BOUND, call -> {});
  }

  /**
   * Calls that are waited for as long as this.
   *
   * @param watch told of each call before it is waited for
   */
  CacheCalls(Supplier<RedissonClient> client, Duration bound, Consumer<RFuture<?>> watch) {
    this.client = client;
    this.bound = bound;
    this.watch = watch;
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
      return script.run(client.get().getScript(StringCodec.INSTANCE), keys, arguments, this::await);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Results of commands that are sent together, in their order; others' may come in between. */
  List<?> together(String action, List<Command> commands) throws InterruptedException {
    try {
      return send(BatchOptions.defaults(), commands);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Results of commands on keys of one node, in their order; nobody's come in between. */
  List<?> atOnce(String action, List<Command> commands) throws InterruptedException {
    var options = BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC);
    try {
      return send(options, commands);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /**
   * What a script answers with that is run many times, by {@link #evalSha}, in their order. Some
   * may have run when it fails, and some run twice where a node does not know the script.
   */
  List<?> runAll(String action, Script script, List<Command> commands) throws InterruptedException {
    try {
      try {
        return send(BatchOptions.defaults(), commands);
      } catch (RedisException e) {
        if (!Failures.isScriptMissing(e)) {
          throw e;
        }
        await(client.get().getScript(StringCodec.INSTANCE).scriptLoadAsync(script.source()));
        return send(BatchOptions.defaults(), commands);
      }
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Run of a script, all arguments of which are bytes. */
  static Command evalSha(Script script, List<Object> keys, Object... arguments) {
    return batch ->
        batch
            .getScript(ByteArrayCodec.INSTANCE)
            .evalShaAsync(Mode.READ_WRITE, script.sha1(), ReturnType.LIST, keys, arguments);
  }

  // What becomes of a command, the batch tells.
  @SuppressWarnings("FutureReturnValueIgnored")
  private List<?> send(BatchOptions options, List<Command> commands) throws InterruptedException {
    RBatch batch = client.get().createBatch(options);
    commands.forEach(command -> command.addTo(batch));
    return await(batch.executeAsync()).getResponses();
  }

  /** Not cancelled if nobody waits any more: what comes of it tells whether the server is there. */
  private <T> T await(RFuture<T> future) throws InterruptedException {
    watch.accept(future);
    try {
      return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RedisTimeoutException("no answer within " + bound.toMillis() + "ms");
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
