package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.SentMarkers;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in Redis, a key each: its value is the mark's owner, or that it is answered. Thread-safe.
 */
final class RedisSentMarkers implements SentMarkers {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSentMarkers.class);
  private static final String PREFIX = "sp:1:sent:";
  private static final String ANSWERED = "answered";

  /** Before an owner, so that none can be taken for the other value. */
  private static final String BY = "by:";

  private static final Duration MARK_KEPT = Duration.ofHours(24);
  private static final Duration ANSWER_KEPT = Duration.ofMinutes(10);

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
  public boolean mark(String request, String owner) throws InterruptedException {
    String value = BY + owner;
    try {
      RBucket<String> note = note(request);
      // Where the response to an earlier try was lost, what keeps us from writing is our own.
      return StreamCommands.await(note.setIfAbsentAsync(value, MARK_KEPT))
          || value.equals(StreamCommands.await(note.getAsync()));
    } catch (RedisException e) {
      throw Failures.storeFailed("Writing a \"sent\" marker", e);
    }
  }

  @Override
  public State state(String request) throws InterruptedException {
    @Nullable String found;
    try {
      found = StreamCommands.await(note(request).getAsync());
    } catch (RedisException e) {
      throw Failures.storeFailed("Reading a \"sent\" marker", e);
    }
    if (found == null) {
      return State.NONE;
    }
    return found.equals(ANSWERED) ? State.ANSWERED : State.SENT;
  }

  @Override
  public void answered(String request) {
    try {
      client
          .get()
          .getScript(StringCodec.INSTANCE)
          .evalAsync(
              Mode.READ_WRITE,
              Script.NOTE_ANSWERED.source(),
              ReturnType.LONG,
              List.of(PREFIX + request),
              ANSWERED,
              ANSWER_KEPT.toMillis())
          .whenComplete((noted, failure) -> inBackground("written", failure));
    } catch (RedisException e) {
      inBackground("written", e);
    }
  }

  @Override
  public void forget(String request) {
    try {
      note(request)
          .deleteAsync()
          .whenComplete((deleted, failure) -> inBackground("removed", failure));
    } catch (RedisException e) {
      inBackground("removed", e);
    }
  }

  /** Nobody waits for it; the outage itself is told by the store of rate limits. */
  private static void inBackground(String what, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.debug("\"sent\" marker not {}: {}", what, Failures.reason(failure));
    }
  }

  private RBucket<String> note(String request) {
    return client.get().getBucket(PREFIX + request, StringCodec.INSTANCE);
  }
}
