package dev.spectacles.proxy.adapter.amqp;

import static dev.spectacles.proxy.application.port.out.BrokerContract.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.SentMarkers.State;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a delivery does with notes, publisher and ack; the broker takes whatever is published. */
final class AmqpDeliveryTest {
  private static final String NAME = "request";
  private static final ProxyResponse OK =
      new ProxyResponse.Http(200, Headers.empty(), "https://d/", Body.empty());

  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  private final NotedMarkers markers = new NotedMarkers();
  private final RealClock clock = new RealClock();
  private final Intake intake = new Intake(clock, Optional.of(markers));
  private final Publisher publisher = new Publisher("test");
  private final AmqpDelivery.Parts parts =
      new AmqpDelivery.Parts(
          intake, new ReplyOffers(publisher, clock, Duration.ofSeconds(1)), Optional.of(markers));
  private final Receipts channel = new Acks();
  private final Thread writer = Thread.ofVirtual().unstarted(this::confirmAll);

  /** Channel that says what was noted of the request when it was acked. */
  private final class Acks implements Receipts {
    @Override
    public void ack(long tag) {
      steps.add(markers.away ? "ack" : "ack of " + markers.state(NAME));
    }

    @Override
    public void requeue(long tag) {
      steps.add("requeue");
    }

    @Override
    public boolean isFresh() {
      return true;
    }
  }

  private static final class Endless implements Publisher.Writer {
    @Override
    public boolean hasEnded() {
      return false;
    }

    @Override
    public boolean isBlocked() {
      return false;
    }
  }

  @BeforeEach
  void start() {
    writer.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    writer.interrupt();
    writer.join();
  }

  @Test
  void reply_confirmed_isNotedBeforeItsAck() throws Exception {
    AmqpDelivery delivery = delivery(false);
    delivery.markSent();
    delivery.markSent();
    assertThat(markers.state(NAME)).isEqualTo(State.SENT);

    assertThat(delivery.reply(OK)).isTrue();

    assertThat(steps).containsExactly("published", "ack of ANSWERED");
  }

  /** An idempotent request is never marked. */
  @Test
  void reply_unmarked_isNotedToo() throws Exception {
    assertThat(delivery(false).reply(OK)).isTrue();

    assertThat(steps).containsExactly("published", "ack of ANSWERED");
  }

  @Test
  void reply_answeredByTheFormerHolder_isOnlyAcked() throws Exception {
    markers.mark(NAME, "former");
    markers.answered(NAME);
    AmqpDelivery delivery = delivery(true);
    assertThat(delivery.mayHaveBeenSent()).isTrue();

    assertThat(delivery.reply(failure())).isTrue();

    assertThat(steps).containsExactly("ack of ANSWERED");
  }

  @Test
  void reply_sentByTheFormerHolder_isGiven() throws Exception {
    markers.mark(NAME, "former");
    AmqpDelivery delivery = delivery(true);
    assertThat(delivery.mayHaveBeenSent()).isTrue();

    assertThat(delivery.reply(failure())).isTrue();

    assertThat(steps).containsExactly("published", "ack of ANSWERED");
  }

  @Test
  void reply_answeredWhileOurChannelWasGone_isOnlyAcked() throws Exception {
    AmqpDelivery delivery = delivery(false);
    intake.lost(channel);
    markers.answered(NAME);
    intake.arrived(message(true), new Receipt(channel, 2));

    assertThat(delivery.reply(OK)).isTrue();

    assertThat(steps).containsExactly("ack of ANSWERED");
  }

  /** Better twice than not at all. */
  @Test
  void reply_redeliveredAndNotesAway_isGiven() throws Exception {
    AmqpDelivery delivery = delivery(true);
    markers.away = true;

    try (var log = new CapturedLog(AmqpDelivery.class)) {
      assertThatThrownBy(delivery::mayHaveBeenSent).isInstanceOf(BrokerException.class);
      assertThat(delivery.reply(OK)).isTrue();
      assertThat(log.text()).contains("answered although it may be so already");
    }

    assertThat(steps).containsExactly("published", "ack");
  }

  @Test
  void markSent_markOfAnother_isRefused() throws Exception {
    AmqpDelivery delivery = delivery(false);
    markers.mark(NAME, "another");

    assertThatThrownBy(delivery::markSent)
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("may have been sent by another instance");
  }

  /** The broker forgot that it had delivered it, and we that we had sent it. */
  @Test
  void markSent_ownMarkOfAnEarlierDelivery_isRefused() throws Exception {
    AmqpDelivery first = delivery(false);
    first.markSent();
    first.abandon();

    AmqpDelivery again = delivery(false);

    assertThatThrownBy(again::markSent).isInstanceOf(BrokerException.class);
  }

  private AmqpDelivery delivery(boolean redelivered) throws InterruptedException {
    List<Holding> taken = List.of();
    while (taken.isEmpty()) {
      // What was left to others is passed on some times before.
      intake.arrived(message(redelivered), new Receipt(channel, 1));
      taken = intake.take(1, Duration.ZERO);
    }
    return new AmqpDelivery(taken.getFirst(), parts);
  }

  private static Message message(boolean redelivered) {
    return new Message(
        "REQUEST",
        "id",
        Optional.of(new Identity(NAME)),
        Optional.of("replies"),
        Optional.of("c"),
        Optional.empty(),
        redelivered,
        Body.empty());
  }

  private void confirmAll() {
    var endless = new Endless();
    try {
      while (true) {
        Publisher.Pending next = publisher.next(endless).orElseThrow();
        steps.add("published");
        next.confirmed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
