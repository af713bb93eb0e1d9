package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
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
 * Calls for the cache: whoever waits for one can do without it, so each is given up after a while,
 * unless something else is said after {@link #BOUND}. Thread-safe; what fails becomes a {@link
 * StoreException} without anything secret.
 */
final class CacheCalls {
  /** One of several commands that are sent together. */
  interface Command {
    /** Adds it to those that are sent. */
    RFuture<?> addTo(RBatch batch);
  }

  /** How long a call is waited for. It may be executed all the same. */
  static final Duration BOUND = Duration.ofMillis(250);

  private static final int PARTS = 10;

  private final Supplier<RedissonClient> client;
  private final Clock clock;
  private final Duration bound;
  private final Consumer<RFuture<?>> watch;

  /**
   * Calls over this connection.
   *
   * @param client somebody else's to close; throws {@link RedisException} while there is none
   */
  CacheCalls(Supplier<RedissonClient> client, Clock clock) {
    this(client, clock, BOUND, call -> {});
  }

  /**
   * Calls that are waited for as long as this.
   *
   * @param watch told of each call before it is waited for
   */
  CacheCalls(
      Supplier<RedissonClient> client, Clock clock, Duration bound, Consumer<RFuture<?>> watch) {
    this.client = client;
    this.clock = clock;
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
      return await(command.apply(client.get()), clock.nanoTime() + bound.toNanos());
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** What a script answers with. */
  List<Object> run(String action, Script script, List<Object> keys, Object... arguments)
      throws InterruptedException {
    long end = clock.nanoTime() + bound.toNanos();
    try {
      var scripts = client.get().getScript(StringCodec.INSTANCE);
      try {
        return await(
            scripts.evalShaAsync(Mode.READ_WRITE, script.sha1(), ReturnType.LIST, keys, arguments),
            end);
      } catch (RedisException e) {
        if (!Failures.isScriptMissing(e)) {
          throw e;
        }
        // A server that started since has not seen it.
        return await(
            scripts.evalAsync(Mode.READ_WRITE, script.source(), ReturnType.LIST, keys, arguments),
            end);
      }
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Results of commands that are sent together, in their order; others' may come in between. */
  List<?> together(String action, List<Command> commands) throws InterruptedException {
    long end = clock.nanoTime() + bound.toNanos();
    try {
      return send(BatchOptions.defaults(), commands, end);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /** Results of commands on keys of one node, in their order; nobody's come in between. */
  List<?> atOnce(String action, List<Command> commands) throws InterruptedException {
    long end = clock.nanoTime() + bound.toNanos();
    var options = BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC);
    try {
      return send(options, commands, end);
    } catch (RedisException e) {
      throw Failures.storeFailed(action, e);
    }
  }

  /**
   * What a script answers with that is run many times, by {@link #evalSha}, in their order. Some
   * may have run when it fails, and some run twice where a node does not know the script.
   */
  List<?> runAll(String action, Script script, List<Command> commands) throws InterruptedException {
    long end = clock.nanoTime() + bound.toNanos();
    try {
      try {
        return send(BatchOptions.defaults(), commands, end);
      } catch (RedisException e) {
        if (!Failures.isScriptMissing(e)) {
          throw e;
        }
        await(client.get().getScript(StringCodec.INSTANCE).scriptLoadAsync(script.source()), end);
        return send(BatchOptions.defaults(), commands, end);
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
  private List<?> send(BatchOptions options, List<Command> commands, long end)
      throws InterruptedException {
    RBatch batch = client.get().createBatch(options);
    commands.forEach(command -> command.addTo(batch));
    return await(batch.executeAsync(), end).getResponses();
  }

  private <T> T await(RFuture<T> future, long end) throws InterruptedException {
    watch.accept(future);
    try {
      return awaitInParts(future, end);
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
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

  /**
   * In parts, so that a time in which this process stood still is no more than one of them: nobody
   * read meanwhile what the server answered.
   */
  private <T> T awaitInParts(RFuture<T> future, long end)
      throws InterruptedException, ExecutionException, TimeoutException {
    long part = (end - clock.nanoTime()) / PARTS;
    for (int i = 1; i < PARTS; i++) {
      try {
        return future.get(part, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // There is more to come.
      }
    }
    return future.get(part, TimeUnit.NANOSECONDS);
  }
}
