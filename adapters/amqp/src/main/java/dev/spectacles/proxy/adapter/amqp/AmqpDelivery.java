package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Request from the queue, un-acked as long as this process holds it. */
final class AmqpDelivery implements Delivery {
  /** What all deliveries of a broker work with. */
  record Parts(Intake intake, ReplyOffers offers, Optional<SentMarkers> markers) {}

  private static final int OVERHEAD = 64;

  private final Holding holding;
  private final Message message;
  private final Parts parts;
  private final AtomicBoolean answered = new AtomicBoolean();

  AmqpDelivery(Holding holding, Parts parts) {
    this.holding = holding;
    this.message = holding.message();
    this.parts = parts;
  }

  @Override
  public String id() {
    return message.id();
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    return RequestCodec.decode(message.payload().bytes());
  }

  @Override
  public long size() {
    return (long) OVERHEAD + message.payload().size();
  }

  @Override
  public Optional<Instant> expiry() {
    return message.expiry();
  }

  /** Zero: the protocol has no time of publishing that could be relied on. */
  @Override
  public Duration age() {
    return Duration.ZERO;
  }

  @Override
  public boolean redelivered() {
    return message.redelivered();
  }

  @Override
  public boolean mayHaveBeenSent() throws InterruptedException {
    if (!message.redelivered()) {
      return false;
    }
    return parts.markers().isEmpty() || message.identity().isEmpty() || isMarked();
  }

  @Override
  public void markSent() throws InterruptedException {
    requireHeld();
    if (parts.markers().isEmpty() || message.identity().isEmpty()) {
      return;
    }
    // The broker may have been restarted without writing down to whom it had delivered what.
    if (!holding.isMarked() && isMarked()) {
      throw new BrokerException("Request " + id() + " may have been sent by another instance");
    }
    try {
      parts.markers().get().mark(message.identity().get().hash());
    } catch (StoreException e) {
      throw unmarked(e);
    }
    parts.intake().noted(holding);
    requireHeld();
  }

  @Override
  public boolean reply(ProxyResponse response) throws InterruptedException {
    if (answered.getAndSet(true)) {
      throw new IllegalStateException("delivery: " + id() + " is answered already");
    }
    if (response instanceof ProxyResponse.Failure) {
      // If somebody else has it now, they find out what really becomes of it.
      requireHeld();
    }
    Optional<String> replyTo = message.replyTo();
    boolean received =
        replyTo.isEmpty()
            || parts
                .offers()
                .offer(
                    id(), replyTo.get(), message.correlationId(), ResponseCodec.encode(response));
    parts.intake().answered(holding);
    return received;
  }

  @Override
  public void abandon() {
    parts.intake().abandoned(holding);
  }

  private void requireHeld() throws InterruptedException {
    // One without an identity would not be known again.
    boolean canComeBack = message.identity().isPresent();
    parts.intake().requireHeld(holding, canComeBack ? ReplyOffers.OUTAGE_PATIENCE : Duration.ZERO);
  }

  private boolean isMarked() throws InterruptedException {
    try {
      return parts.markers().orElseThrow().isMarked(message.identity().orElseThrow().hash());
    } catch (StoreException e) {
      throw unmarked(e);
    }
  }

  private BrokerException unmarked(StoreException e) {
    return new BrokerException("\"Sent\" marker of " + id() + ": " + e.getMessage(), e);
  }
}
