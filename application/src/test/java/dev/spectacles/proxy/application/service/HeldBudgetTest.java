package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldBudgetTest {
  private static final long MIB = 1 << 20;

  @Test
  void room_isBoundedByTheNumberHeld() throws InterruptedException {
    var budget = new HeldBudget(3, 100 * MIB);
    assertThat(budget.awaitRoom()).isEqualTo(3);
    budget.take(10);
    budget.take(10);
    assertThat(budget.awaitRoom()).isEqualTo(1);
    assertThat(budget.requests()).isEqualTo(2);
    assertThat(budget.bytes()).isEqualTo(20);
  }

  @Test
  void room_isBoundedByWhatIsReadAtOnce() throws InterruptedException {
    assertThat(new HeldBudget(10_000, 1_000 * MIB).awaitRoom()).isEqualTo(100);
  }

  @Test
  void largeRequests_areReadOneAtATime() throws InterruptedException {
    var budget = new HeldBudget(1_000, 10 * MIB);
    budget.take(8 * MIB);
    assertThat(budget.awaitRoom()).isEqualTo(1);
    budget.give(8 * MIB);
    assertThat(budget.awaitRoom()).as("the next one may be as large").isEqualTo(1);
    for (int i = 0; i < 60; i++) {
      budget.take(10);
      budget.give(10);
    }
    assertThat(budget.awaitRoom()).as("they were small for a while").isEqualTo(100);
  }

  @Test
  void oneRequest_largerThanEverything_isRead() throws InterruptedException {
    var budget = new HeldBudget(10, 1_000);
    assertThat(budget.awaitRoom()).isEqualTo(1);
    budget.take(1 << 30);
    assertThat(Running.start(budget::awaitRoom).awaitBlocked().isDone()).isFalse();
    budget.give(1 << 30);
    assertThat(budget.awaitRoom()).isEqualTo(1);
  }

  @Test
  void whoWaitsForRoom_goesOnWhenThereIsSome() throws InterruptedException {
    var budget = new HeldBudget(1, MIB);
    budget.take(1);
    Running<Integer> waiting = Running.start(budget::awaitRoom).awaitBlocked();
    assertThat(waiting.isDone()).isFalse();
    budget.give(1);
    assertThat(waiting.get()).isEqualTo(1);
  }

  @Test
  void sizeKnownBefore_isTakenOnlyWhereItFits() throws InterruptedException {
    var budget = new HeldBudget(2, 1_000);
    assertThat(budget.tryTake(600)).isTrue();
    assertThat(budget.tryTake(401)).isFalse();
    assertThat(budget.grow(400, Duration.ZERO)).isTrue();
    assertThat(budget.grow(1, Duration.ofMillis(1))).isFalse();
    budget.give(1_000);
    assertThat(budget.tryTake(5_000)).as("alone").isTrue();
    assertThat(budget.take(1, Duration.ofMillis(1))).isFalse();
    budget.give(5_000);
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void sizeKnownBefore_waitsUntilItFits() throws InterruptedException {
    var budget = new HeldBudget(1, MIB);
    budget.take(1);
    Running<Boolean> waiting =
        Running.start(() -> budget.take(1, Duration.ofSeconds(30))).awaitBlocked();
    assertThat(waiting.isDone()).isFalse();
    budget.give(1);
    assertThat(waiting.get()).isTrue();
    assertThat(budget.requests()).isEqualTo(1);
  }

  @Test
  void whoWaitsForRoom_canBeInterrupted() throws InterruptedException {
    var budget = new HeldBudget(1, MIB);
    budget.take(1);
    Running<Integer> waiting = Running.start(budget::awaitRoom).awaitBlocked();
    waiting.interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
  }
}
