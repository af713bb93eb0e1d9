package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.OfferPlan.Failed;
import dev.spectacles.proxy.adapter.redis.OfferPlan.Next;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class OfferPlanTest {
  // Close below the overflow, where comparing readings with < would fail.
  private static final long START = Long.MAX_VALUE - 1_000_000;
  private static final long MILLI = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long NEVER = Long.MAX_VALUE;

  private boolean lost;

  @Test
  void offered_receivedLongAfterTaken_settlesOnly() {
    OfferPlan plan = plan(START - 600 * MILLI, false, NEVER);

    assertThat(plan.offered(1, START)).isEqualTo(Next.SETTLE);
    assertThat(plan.received()).isTrue();
  }

  @Test
  void offered_receivedRightAfterTaken_isOfferedAgainWhileSomebodyListens() {
    OfferPlan plan = plan(START - MILLI, false, NEVER);

    assertThat(plan.offered(1, START)).isEqualTo(Next.SETTLE_AND_OFFER);
    assertThat(due(plan)).isEqualTo(10);
    assertThat(plan.offered(1, START + 10 * MILLI)).isEqualTo(Next.OFFER);
    assertThat(due(plan)).isEqualTo(100);
    assertThat(plan.offered(1, START + 100 * MILLI)).isEqualTo(Next.OFFER);
    assertThat(due(plan)).isEqualTo(500);
    assertThat(plan.offered(1, START + 500 * MILLI)).isEqualTo(Next.DONE);
  }

  @Test
  void offered_callerUnsubscribed_endsTheRepetition() {
    OfferPlan plan = plan(START, false, NEVER);

    assertThat(plan.offered(1, START)).isEqualTo(Next.SETTLE_AND_OFFER);
    assertThat(plan.offered(0, START + 10 * MILLI)).isEqualTo(Next.DONE);
    assertThat(plan.received()).isTrue();
  }

  @Test
  void offered_receivedAfterAMiss_isOfferedAgain() {
    OfferPlan plan = plan(START - 60_000 * MILLI, false, NEVER);

    assertThat(plan.offered(0, START)).isEqualTo(Next.OFFER);
    assertThat(plan.offered(1, START + MILLI)).isEqualTo(Next.SETTLE_AND_OFFER);
  }

  @Test
  void offered_nobody_backsOffUntilPatienceEnds() {
    OfferPlan plan = plan(START, false, NEVER);
    var pauses = new ArrayList<Long>();
    long now = START;
    Next next = plan.offered(0, now);
    while (next == Next.OFFER) {
      pauses.add((plan.dueAt() - now) / MILLI);
      now = plan.dueAt();
      next = plan.offered(0, now);
    }

    assertThat(next).isEqualTo(Next.GIVE_UP);
    assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L);
    assertThat(now - START).isEqualTo(PATIENCE.toNanos());
    assertThat(plan.received()).isFalse();
  }

  @Test
  void offered_expiryBeforePatience_endsThen() {
    OfferPlan plan = plan(START, false, 3 * MILLI);

    assertThat(plan.offered(0, START)).isEqualTo(Next.OFFER);
    assertThat(plan.offered(0, START + MILLI)).isEqualTo(Next.OFFER);
    assertThat(due(plan)).isEqualTo(3);
    assertThat(plan.offered(0, START + 3 * MILLI)).isEqualTo(Next.GIVE_UP);
  }

  @Test
  void offered_expiredBefore_isOfferedOnce() {
    OfferPlan plan = plan(START, false, 0);

    assertThat(plan.offered(0, START)).isEqualTo(Next.GIVE_UP);
  }

  @Test
  void offered_lostToAnother_isOfferedOnce() {
    OfferPlan plan = plan(START, false, NEVER);
    lost = true;

    assertThat(plan.offered(0, START)).isEqualTo(Next.GIVE_UP);
  }

  @Test
  void offered_clusterCountsNobody_isOfferedThreeTimes() {
    OfferPlan plan = plan(START - 60_000 * MILLI, true, NEVER);

    assertThat(plan.offered(0, START)).isEqualTo(Next.OFFER);
    assertThat(due(plan)).isEqualTo(50);
    assertThat(plan.offered(0, START + 50 * MILLI)).isEqualTo(Next.OFFER);
    assertThat(due(plan)).isEqualTo(250);
    assertThat(plan.offered(0, START + 250 * MILLI)).isEqualTo(Next.SETTLE);
    assertThat(plan.received()).isTrue();
  }

  @Test
  void failed_serverAway_triesForHalfAMinute() {
    OfferPlan plan = plan(START, false, NEVER);

    assertThat(plan.offerFailed(START)).isEqualTo(Failed.OFFER);
    assertThat(due(plan)).isEqualTo(50);
    assertThat(plan.offerFailed(START + 50 * MILLI)).isEqualTo(Failed.OFFER);
    assertThat(due(plan)).isEqualTo(150);
    assertThat(plan.offerFailed(START + 29_000 * MILLI)).isEqualTo(Failed.OFFER);
    assertThat(plan.offered(0, START + 29_500 * MILLI)).isEqualTo(Next.OFFER);
    assertThat(plan.settleFailed(START + 30_000 * MILLI)).isFalse();
  }

  @Test
  void offerFailed_serverAwayTooLong_givesUp() {
    OfferPlan plan = plan(START, false, NEVER);

    assertThat(plan.offerFailed(START + 30_000 * MILLI)).isEqualTo(Failed.GIVE_UP);
  }

  @Test
  void offerFailed_receivedBefore_isDropped() {
    OfferPlan plan = plan(START, false, NEVER);

    assertThat(plan.offered(1, START)).isEqualTo(Next.SETTLE_AND_OFFER);
    assertThat(plan.offerFailed(START + 10 * MILLI)).isEqualTo(Failed.DROP);
    assertThat(plan.settleFailed(START + 10 * MILLI)).isTrue();
    assertThat(plan.received()).isTrue();
  }

  private OfferPlan plan(long takenAt, boolean cluster, long expiresIn) {
    return new OfferPlan(takenAt, () -> lost, cluster, START, PATIENCE, expiresIn);
  }

  private static long due(OfferPlan plan) {
    return (plan.dueAt() - START) / MILLI;
  }
}
