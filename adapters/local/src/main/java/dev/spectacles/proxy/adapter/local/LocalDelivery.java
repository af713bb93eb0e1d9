package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Request of a caller in this process. */
final class LocalDelivery implements Delivery {
  private final LocalMessage message;
  private final LocalHolding holding;
  private final Clock clock;
  private final Duration patience;
  private final boolean redelivered;
  private final boolean sentBefore;

  /** Delivery of a message that is held from now on. */
  LocalDelivery(LocalMessage message, LocalHolding holding, Clock clock, Duration patience) {
    this.message = message;
    this.holding = holding;
    this.clock = clock;
    this.patience = patience;
    this.redelivered = message.isRedelivered();
    this.sentBefore = message.isSent();
  }

  @Override
  public String id() {
    return message.id();
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    return RequestCodec.decode(message.payload());
  }

  @Override
  public long size() {
    return message.size();
  }

  @Override
  public Optional<Instant> expiry() {
    return message.expiry();
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(clock.nanoTime() - message.publishedAt());
  }

  @Override
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public boolean mayHaveBeenSent() {
    return redelivered && sentBefore;
  }

  @Override
  public void markSent() {
    holding.requireHeld(message);
    message.markSent();
  }

  @Override
  public boolean reply(ProxyResponse response) throws InterruptedException {
    holding.requireHeld(message);
    boolean received = message.caller().offer(response, patience);
    holding.settle(message);
    return received;
  }

  @Override
  public void abandon() {
    holding.giveBack(message);
  }
}
