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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Request from the queue, un-acked as long as this process holds it. */
final class AmqpDelivery implements Delivery {
  /** What all deliveries of a broker work with. */
  record Parts(Intake intake, ReplyOffers offers, Optional<SentMarkers> markers) {}

  private static final Logger LOG = LoggerFactory.getLogger(AmqpDelivery.class);

  private static final int OVERHEAD = 64;

  private final Holding holding;
  private final Message message;
  private final Parts parts;
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * Another one for every delivery: the broker may have been restarted without writing down that it
   * had delivered the request before, if only to ourselves.
   */
  private final String owner = UUID.randomUUID().toString();

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
    return !isNoted() || state() != SentMarkers.State.NONE;
  }

  @Override
  public void markSent() throws InterruptedException {
    requireHeld();
    if (!isNoted()) {
      return;
    }
    boolean ours;
    try {
      ours = notes().mark(name(), owner);
    } catch (StoreException e) {
      throw noteFailed(e);
    }
    if (!ours) {
      throw new BrokerException("Request " + id() + " may have been sent by another instance");
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
    boolean received = isAnsweredByAnother() || offer(response);
    if (received && message.replyTo().isPresent() && isNoted()) {
      // Before the ack, which may get lost without anybody knowing.
      notes().answered(name());
      parts.intake().noted(holding);
    }
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

  private boolean offer(ProxyResponse response) throws InterruptedException {
    Optional<String> replyTo = message.replyTo();
    return replyTo.isEmpty()
        || parts
            .offers()
            .offer(id(), replyTo.get(), message.correlationId(), ResponseCodec.encode(response));
  }

  /** Whether the caller has its answer, and only the ack did not reach the broker. */
  private boolean isAnsweredByAnother() throws InterruptedException {
    if (!isNoted() || message.replyTo().isEmpty() || !parts.intake().mayBeWithOthers(holding)) {
      return false;
    }
    try {
      return state() == SentMarkers.State.ANSWERED;
    } catch (BrokerException e) {
      LOG.warn("answered although it may be so already id={}: {}", id(), e.getMessage());
      return false;
    }
  }

  /** Whether there are notes that another instance would find. */
  private boolean isNoted() {
    return parts.markers().isPresent() && message.identity().isPresent();
  }

  private SentMarkers notes() {
    return parts.markers().orElseThrow();
  }

  private String name() {
    return message.identity().orElseThrow().hash();
  }

  private SentMarkers.State state() throws InterruptedException {
    try {
      return notes().state(name());
    } catch (StoreException e) {
      throw noteFailed(e);
    }
  }

  private BrokerException noteFailed(StoreException e) {
    return new BrokerException("\"Sent\" marker of " + id() + ": " + e.getMessage(), e);
  }
}
