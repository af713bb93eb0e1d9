package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.amqp.HeldRequests.Arrival;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HeldRequestsTest {
  private final HeldRequests held = new HeldRequests();
  private final Receipts first = new NoReceipts();
  private final Receipts second = new NoReceipts();
  private final AtomicLong now = new AtomicLong(17);

  /** Channel on which nothing is looked at but which one it is. */
  private static final class NoReceipts implements Receipts {
    @Override
    public void ack(long tag) {}

    @Override
    public void requeue(long tag) {}

    @Override
    public boolean isFresh() {
      return true;
    }
  }

  @Test
  void arrived_heldOnALostChannel_isAdopted() {
    Holding holding = taken("a", first);
    held.lost(first, now.get());
    assertThat(holding.receipt()).isEmpty();

    assertThat(arrive("a", second)).isEqualTo(new Arrival.Adopted());

    assertThat(holding.receipt()).contains(new Receipt(second, 1));
  }

  @Test
  void arrived_heldOnTheSameChannel_isAnotherRequest() {
    Holding holding = taken("a", first);

    assertThat(taken("a", first)).isNotSameAs(holding);
  }

  @Test
  void arrived_twiceAfterALoss_isAdoptedOnce() {
    taken("a", first);
    held.lost(first, now.get());
    arrive("a", second);

    assertThat(arrive("a", second)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_answeredBeforeTheLoss_isOnlyAcked() {
    held.answered(taken("a", first), now.get());
    held.lost(first, now.get());
    held.restored(now.get());

    assertThat(arrive("a", second)).isEqualTo(new Arrival.Answered());
    assertThat(arrive("a", second)).as("published again").isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_answeredDuringTheLoss_isOnlyAcked() {
    Holding holding = taken("a", first);
    held.lost(first, now.get());
    assertThat(held.answered(holding, now.get())).isEmpty();

    assertThat(arrive("a", second)).isEqualTo(new Arrival.Answered());
  }

  @Test
  void arrived_ackLostTwice_isStillOnlyAcked() {
    held.answered(taken("a", first), now.get());
    held.lost(first, now.get());
    arrive("a", second);
    held.lost(second, now.get());

    assertThat(arrive("a", new NoReceipts())).isEqualTo(new Arrival.Answered());
  }

  @Test
  void arrived_answeredOnTheSameChannel_isAnotherRequest() {
    held.answered(taken("a", first), now.get());

    assertThat(arrive("a", first)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_ackedLongBeforeTheLoss_isAnotherRequest() {
    held.answered(taken("a", first), now.get());
    pass(AnsweredRequests.CERTAIN);
    held.lost(first, now.get());

    assertThat(arrive("a", second)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_longOutage_isRemembered() {
    held.answered(taken("a", first), now.get());
    held.lost(first, now.get());
    pass(Duration.ofHours(5));
    held.restored(now.get());
    held.through(now.get());

    assertThat(arrive("a", second)).isEqualTo(new Arrival.Answered());
  }

  @Test
  void arrived_longAfterTheOutage_isForgotten() {
    held.answered(taken("a", first), now.get());
    held.lost(first, now.get());
    held.restored(now.get());
    pass(AnsweredRequests.KEPT);
    held.through(now.get());

    assertThat(arrive("a", second)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_abandoned_isPassedSomeTimes() {
    held.abandoned(taken("a", first));

    for (int i = 0; i < HeldRequests.PASSES; i++) {
      assertThat(arrive("a", first)).isEqualTo(new Arrival.Passed());
    }
    assertThat(arrive("a", first)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_redeliveredAfterAnOutage_isPassedToItsOwner() {
    held.lost(first, now.get());
    held.restored(now.get());

    for (int i = 0; i < HeldRequests.PASSES; i++) {
      assertThat(redeliver("a", second)).isEqualTo(new Arrival.Passed());
    }
    assertThat(redeliver("a", second)).isInstanceOf(Arrival.New.class);
    assertThat(arrive("b", second)).as("not redelivered").isInstanceOf(Arrival.New.class);
    pass(HeldRequests.OWNERS_TIME);
    assertThat(redeliver("c", second)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_redeliveredToAFreshInstance_isNew() {
    held.restored(now.get());

    assertThat(redeliver("a", first)).isInstanceOf(Arrival.New.class);
  }

  @Test
  void arrived_withoutIdentity_isAlwaysNew() {
    Holding holding = ((Arrival.New) arrive(Optional.empty(), first)).holding();
    held.lost(first, now.get());

    assertThat(arrive(Optional.empty(), second)).isInstanceOf(Arrival.New.class);
    assertThat(holding.receipt()).isEmpty();
  }

  @Test
  void through_markedAndCertain_isToldOnce() {
    Holding marked = taken("marked", first);
    marked.noted();
    held.answered(marked, now.get());
    held.answered(taken("other", first), now.get());
    assertThat(held.through(now.get())).isEmpty();

    pass(AnsweredRequests.CERTAIN);

    assertThat(held.through(now.get())).containsExactly(new Identity("marked"));
    assertThat(held.through(now.get())).isEmpty();
  }

  @Test
  void closed_marked_isTold() {
    Holding marked = taken("marked", first);
    marked.noted();
    held.answered(marked, now.get());

    assertThat(held.closed()).isEqualTo(List.of(new Identity("marked")));
  }

  @Test
  void answered_veryMany_areBounded() {
    for (int i = 0; i <= AnsweredRequests.MOST; i++) {
      held.answered(taken("r" + i, first), now.get());
    }
    held.lost(first, now.get());

    assertThat(arrive("r0", second)).isInstanceOf(Arrival.New.class);
    assertThat(arrive("r1", second)).isEqualTo(new Arrival.Answered());
  }

  private Holding taken(String name, Receipts channel) {
    return ((Arrival.New) arrive(name, channel)).holding();
  }

  private Arrival arrive(String name, Receipts channel) {
    return arrive(Optional.of(new Identity(name)), channel);
  }

  private Arrival redeliver(String name, Receipts channel) {
    return arrive(Optional.of(new Identity(name)), channel, true);
  }

  private Arrival arrive(Optional<Identity> identity, Receipts channel) {
    return arrive(identity, channel, false);
  }

  private Arrival arrive(Optional<Identity> identity, Receipts channel, boolean redelivered) {
    var message =
        new Message(
            "REQUEST",
            "id",
            identity,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            redelivered,
            Body.empty());
    return held.arrived(message, new Receipt(channel, 1), now.get());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
