package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.TimeoutAt;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;

/** Entry of the stream that is pending for this instance. */
final class RedisDelivery implements Delivery {
  private static final int OVERHEAD = 64;

  private final StreamCommands.Entry entry;
  private final boolean redelivered;
  private final Session session;
  private final ReplyPump replies;
  private final String generation;
  private final long takenAt;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean lost;
  private volatile boolean detached;

  /**
   * Delivery of this entry.
   *
   * @param takenAt when this instance got it, by the monotonic clock
   */
  RedisDelivery(
      StreamCommands.Entry entry,
      boolean redelivered,
      Session session,
      ReplyPump replies,
      long takenAt) {
    this.entry = entry;
    this.redelivered = redelivered;
    this.session = session;
    this.replies = replies;
    this.generation = session.generation();
    this.takenAt = takenAt;
  }

  @Override
  public String id() {
    return entry.id().toString();
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    byte @Nullable [] data = entry.fields().get(StreamCommands.DATA);
    if (data == null) {
      throw new InvalidRequestException(
          ResponseStatus.INVALID_REQUEST_FORMAT,
          "data: missing (expected: a stream field of that name with the request)");
    }
    return RequestCodec.decode(data);
  }

  @Override
  public long size() {
    long size = OVERHEAD;
    for (var field : entry.fields().entrySet()) {
      size += field.getKey().length() + field.getValue().length;
    }
    return size;
  }

  @Override
  public Optional<Instant> expiry() {
    return Optional.ofNullable(entry.fields().get(TimeoutAt.FIELD)).flatMap(TimeoutAt::parse);
  }

  @Override
  public Duration age() {
    return session.time().since(entry.id().getId0());
  }

  @Override
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public boolean mayHaveBeenSent() throws InterruptedException {
    if (!redelivered) {
      return false;
    }
    try {
      return session.commands().isMarked(entry.id());
    } catch (RedisException e) {
      throw Failures.failed("Reading the \"sent\" marker of " + id(), e);
    }
  }

  @Override
  public void markSent() throws InterruptedException {
    if (lost) {
      throw takenOver();
    }
    StreamCommands.Marked marked;
    try {
      marked = session.commands().markSent(entry.id(), detached ? "" : generation);
    } catch (RedisException e) {
      throw Failures.failed("Writing the \"sent\" marker of " + id(), e);
    }
    switch (marked) {
      case YES -> {}
      case NOT_OURS -> {
        lost = true;
        throw takenOver();
      }
      case BY_ANOTHER ->
          throw new BrokerException("Request " + id() + " may have been sent by another instance");
    }
  }

  @Override
  public boolean reply(ProxyResponse response) throws InterruptedException {
    if (answered.getAndSet(true)) {
      throw new IllegalStateException("delivery: " + id() + " is answered already");
    }
    if (lost && response instanceof ProxyResponse.Failure) {
      // Whoever has it now finds out what really becomes of it.
      throw takenOver();
    }
    return replies.reply(this, response);
  }

  @Override
  public void abandon() {
    replies.letGo(this);
  }

  StreamMessageId entryId() {
    return entry.id();
  }

  String generation() {
    return generation;
  }

  long takenAt() {
    return takenAt;
  }

  /** Another instance has it, or has had it. */
  void lost() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** No instance can get it any more, as the server lost it. */
  void detached() {
    detached = true;
  }

  boolean isDetached() {
    return detached;
  }

  /** Failure of what only the holder may do. */
  BrokerException takenOver() {
    return new BrokerException("Request " + id() + " was taken over by another instance");
  }
}
