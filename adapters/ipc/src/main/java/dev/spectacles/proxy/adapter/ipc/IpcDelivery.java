package dev.spectacles.proxy.adapter.ipc;

import static dev.spectacles.proxy.domain.request.ResponseStatus.REQUEST_FAILURE;

import dev.spectacles.proxy.adapter.wire.IpcKey;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Request of a peer. There is no other instance that could get it: what is not answered when this
 * one stops is refused.
 */
final class IpcDelivery implements Delivery {
  private static final ProxyResponse OUTCOME_UNKNOWN =
      new ProxyResponse.Failure(
          REQUEST_FAILURE, "outcome unknown: the proxy stopped before Discord answered");
  private static final ProxyResponse NOT_ANSWERED =
      new ProxyResponse.Failure(
          REQUEST_FAILURE, "not answered: the proxy stopped; the request may be sent again");

  private enum State {
    HELD,
    ANSWERED,
    GIVEN_UP
  }

  private final String id;
  private final Peer peer;
  private final Optional<IpcKey> key;
  private final long size;
  private final Clock clock;
  private final long takenAt;
  private final Consumer<IpcDelivery> settled;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
  private volatile boolean sent;
  // The line of a body may be four times as large, and is let go of once it was read.
  private @Nullable IpcMessage unread;
  private @Nullable ProxyRequest request;

  /**
   * Delivery of this message.
   *
   * @param size of its line in bytes
   * @param settled told when it is not held any more
   */
  IpcDelivery(
      String id,
      Peer peer,
      IpcMessage message,
      long size,
      Clock clock,
      Consumer<IpcDelivery> settled) {
    this.id = id;
    this.peer = peer;
    this.key = message.key();
    this.unread = message;
    this.size = size;
    this.clock = clock;
    this.takenAt = clock.nanoTime();
    this.settled = settled;
    peer.retain();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    if (unread != null) {
      request = unread.request();
      unread = null;
    }
    if (request == null) {
      throw new AssertionError("a delivery has a message or its request");
    }
    return request;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<Instant> expiry() {
    return Optional.empty();
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(clock.nanoTime() - takenAt);
  }

  @Override
  public boolean redelivered() {
    return false;
  }

  @Override
  public boolean mayHaveBeenSent() {
    return false;
  }

  @Override
  public void markSent() {
    sent = true;
    // In this order: who gives it up after this sees that it was sent.
    if (state.get() == State.GIVEN_UP) {
      throw givenUp();
    }
  }

  @Override
  public boolean reply(ProxyResponse response) throws InterruptedException {
    if (!state.compareAndSet(State.HELD, State.ANSWERED)) {
      if (state.get() == State.GIVEN_UP) {
        throw givenUp();
      }
      throw new IllegalStateException("delivery: " + id + " is answered already");
    }
    settled.accept(this);
    try {
      return key.isEmpty() || peer.answer(key.get(), response);
    } finally {
      peer.release();
    }
  }

  @Override
  public void abandon() {
    giveUp();
  }

  /** Refuses it, unless it is answered already. */
  void giveUp() {
    if (!state.compareAndSet(State.HELD, State.GIVEN_UP)) {
      return;
    }
    settled.accept(this);
    key.ifPresent(answered -> peer.offer(answered, sent ? OUTCOME_UNKNOWN : NOT_ANSWERED));
  }

  private BrokerException givenUp() {
    return new BrokerException("Request " + id + " was given up");
  }
}
