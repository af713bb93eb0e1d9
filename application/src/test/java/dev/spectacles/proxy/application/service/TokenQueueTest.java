package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The queue on its own; the test plays the store. */
class TokenQueueTest {
  private static final TokenId TOKEN = new TokenId("token");
  private static final Route A = route("GET", "/channels/1/alpha");
  private static final Route B = route("GET", "/channels/1/bravo");
  private static final Route MESSAGES = route("POST", "/channels/1/messages");
  private static final Route INTERACTION =
      route("POST", "/webhooks/1/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw");
  private static final Route WEBHOOK = route("POST", "/webhooks/1/aToken");
  private static final BucketKey SHARED =
      BucketKey.of(new BucketHash("shared"), new MajorParameter("channels/1"));
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TokenQueue queue = new TokenQueue(10, true);
  private long now = 5_000_000_000L;
  private long places;
  private long leases;

  @Test
  void requestsOfOneRoute_areAskedForInOneClaim() {
    add(A);
    add(A);
    add(A);
    assertThat(due()).containsExactly(new Claim(A, 3));
  }

  @Test
  void requestsOfSeveralRoutes_areAskedForInOrderOfArrival() {
    RecordingWaiter first = add(A);
    RecordingWaiter second = add(A);
    RecordingWaiter third = add(B);
    RecordingWaiter fourth = add(A);
    assertThat(due()).containsExactly(new Claim(A, 2), new Claim(B, 1), new Claim(A, 1));
    List<Lease> three = leases(A, 2);
    apply(
        grant(SHARED, three),
        grant(SHARED, leases(B, 1)),
        held(SHARED, Reach.BUCKET, SECOND, SECOND));
    assertThat(first.lease).contains(three.get(0));
    assertThat(second.lease).contains(three.get(1));
    assertThat(third.lease).isPresent();
    assertThat(fourth.lease).isEmpty();
  }

  @Test
  void sharedBucket_thatIsClosed_holdsAllItsRoutesUp_untilItOpens() {
    add(A);
    due();
    apply(grant(SHARED, leases(A, 1)));
    add(B);
    due();
    apply(held(SHARED, Reach.BUCKET, SECOND, SECOND));
    add(A);
    due();
    apply(held(SHARED, Reach.BUCKET, SECOND, SECOND));
    add(A);
    add(B);
    assertThat(due()).as("known to be closed").isEmpty();
    assertThat(queue.nextDue(now)).contains(now + SECOND.toNanos());
    now += SECOND.toNanos();
    assertThat(due()).extracting(Claim::route).containsExactly(B, A, B);
  }

  @Test
  void otherBuckets_goOn_whileOneIsClosed() {
    add(A);
    due();
    apply(held(SHARED, Reach.BUCKET, SECOND, SECOND));
    add(B);
    assertThat(due()).containsExactly(new Claim(B, 1));
  }

  @Test
  void routeThatIsHeldUp_leavesItsBucketAlone() {
    add(A);
    add(B);
    due();
    apply(held(SHARED, Reach.ROUTE, SECOND, SECOND), grant(SHARED, leases(B, 1)));
    add(A);
    add(B);
    assertThat(due()).containsExactly(new Claim(B, 1));
    apply(grant(SHARED, leases(B, 1)));
    now += SECOND.toNanos();
    assertThat(due()).containsExactly(new Claim(A, 2));
  }

  @Test
  void token_thatIsHeldUp_letsExemptRoutesThrough() {
    add(A);
    due();
    apply(held(SHARED, Reach.TOKEN, SECOND, SECOND));
    add(B);
    RecordingWaiter exempt = add(INTERACTION);
    assertThat(due()).containsExactly(new Claim(INTERACTION, 1));
    apply(grant(BucketKey.provisional(INTERACTION), leases(INTERACTION, 1)));
    assertThat(exempt.lease).isPresent();
    assertThat(due()).isEmpty();
    assertThat(queue.nextDue(now)).contains(now + SECOND.toNanos());
    now += SECOND.toNanos();
    assertThat(due()).containsExactly(new Claim(A, 1), new Claim(B, 1));
  }

  @Test
  void address_thatIsHeldUp_stopsEverything() {
    add(A);
    due();
    apply(held(SHARED, Reach.EGRESS, SECOND, SECOND));
    add(INTERACTION);
    assertThat(due()).isEmpty();
    assertThat(queue.nextDue(now)).contains(now + SECOND.toNanos());
    now += SECOND.toNanos();
    assertThat(due()).hasSize(2);
  }

  @Test
  void storeFailure_putsEverybodyBackInLine_andPauses() {
    RecordingWaiter waiter = add(A);
    due();
    queue.withdraw(Duration.ofMillis(250), now);
    assertThat(due()).isEmpty();
    assertThat(queue.nextDue(now)).contains(now + 250_000_000);
    now += 250_000_000;
    assertThat(due()).containsExactly(new Claim(A, 1));
    apply(grant(SHARED, leases(A, 1)));
    assertThat(waiter.lease).isPresent();
  }

  @Test
  void giveBack_whileTheStoreDecides_isNotMissed() {
    add(A);
    due();
    apply(grant(SHARED, leases(A, 1)));
    add(A);
    due();
    // Something comes back after the store decided and before its answer is here.
    queue.available(SHARED, Duration.ZERO, now);
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(10), Duration.ZERO));
    assertThat(due()).as("asked again at once").containsExactly(new Claim(A, 1));
  }

  @Test
  void giveBack_ofTheProbesBucket_isNotMissedEither() {
    add(A);
    add(A);
    due();
    BucketKey provisional = BucketKey.provisional(A);
    apply(
        new Grant(
            provisional,
            leases(A, 1),
            Optional.of(hold(Reach.BUCKET, Duration.ofSeconds(10), Duration.ZERO))));
    assertThat(due()).isEmpty();
    queue.available(provisional, Duration.ZERO, now);
    assertThat(due()).containsExactly(new Claim(A, 1));
  }

  @Test
  void bucketThatOpensSooner_isAskedThen_notLater() {
    add(A);
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(10), Duration.ZERO));
    queue.available(SHARED, SECOND, now);
    assertThat(queue.nextDue(now)).contains(now + SECOND.toNanos());
    queue.available(SHARED, Duration.ofSeconds(5), now);
    assertThat(queue.nextDue(now))
        .as("a later time changes nothing")
        .contains(now + SECOND.toNanos());
  }

  @Test
  void waiterThatLeavesMeanwhile_itsLeaseGoesToTheNext() {
    RecordingWaiter first = add(A);
    RecordingWaiter second = add(A);
    due();
    assertThat(queue.remove(first, now)).isTrue();
    List<Lease> granted = leases(A, 1);
    assertThat(apply(grant(SHARED, granted))).isEmpty();
    assertThat(first.lease).isEmpty();
    assertThat(second.lease).contains(granted.getFirst());
    assertThat(queue.remove(second, now)).as("settled").isFalse();
  }

  @Test
  void leasesThatNobodyIsThereFor_areGivenBack() {
    RecordingWaiter only = add(A);
    due();
    queue.remove(only, now);
    List<Lease> granted = leases(A, 1);
    assertThat(apply(grant(SHARED, granted))).isEqualTo(granted);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void deadlineThatTheHoldExceeds_isRefusedAtOnce() {
    RecordingWaiter early = add(A, Deadline.after(SECOND, now));
    RecordingWaiter late = add(A, Deadline.after(Duration.ofSeconds(3), now));
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(2), Duration.ofSeconds(2)));
    assertThat(early.refusal).contains(Refusal.TOO_LATE);
    assertThat(early.wait).isEqualTo(Duration.ofSeconds(2));
    assertThat(late.refusal).isEmpty();
  }

  @Test
  void holdThatMayEndAtAnyTime_refusesNobody() {
    RecordingWaiter waiter = add(A, Deadline.after(SECOND, now));
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(10), Duration.ZERO));
    assertThat(waiter.refusal).isEmpty();
  }

  @Test
  void deadline_countsThoseBefore() {
    // 2 per 5 s, the next two in 1 s: the third and fourth wait for 6 s, the fifth for 11 s.
    var waiters = new ArrayList<RecordingWaiter>();
    for (int i = 0; i < 5; i++) {
      waiters.add(add(A, Deadline.after(Duration.ofSeconds(7), now)));
    }
    due();
    apply(
        new Grant(
            SHARED,
            List.of(),
            Optional.of(new Hold(Reach.BUCKET, SECOND, SECOND, 2, Duration.ofSeconds(5)))));
    assertThat(waiters.subList(0, 4)).allMatch(waiter -> waiter.refusal.isEmpty());
    assertThat(waiters.get(4).refusal).contains(Refusal.TOO_LATE);
    assertThat(waiters.get(4).wait).isEqualTo(Duration.ofSeconds(11));
    RecordingWaiter newcomer = add(A, Deadline.after(Duration.ofSeconds(10), now));
    assertThat(newcomer.refusal).as("hears it without a claim").contains(Refusal.TOO_LATE);
    now += Duration.ofSeconds(5).toNanos();
    RecordingWaiter later = add(A, Deadline.after(Duration.ofSeconds(10), now));
    assertThat(later.refusal).isEmpty();
  }

  @Test
  void refusedWaiter_isNotCountedBeforeThoseBehindIt() {
    RecordingWaiter impatient = add(A, Deadline.after(Duration.ofMillis(500), now));
    RecordingWaiter patient = add(A, Deadline.after(Duration.ofSeconds(3), now));
    due();
    apply(
        new Grant(
            SHARED,
            List.of(),
            Optional.of(new Hold(Reach.BUCKET, SECOND, SECOND, 1, Duration.ofSeconds(5)))));
    assertThat(impatient.refusal).contains(Refusal.TOO_LATE);
    assertThat(patient.refusal).isEmpty();
  }

  @Test
  void closedBucket_refusesTheLateOfAllItsRoutes() {
    add(A);
    add(B);
    due();
    apply(grant(SHARED, leases(A, 1)), held(SHARED, Reach.BUCKET, SECOND, SECOND));
    RecordingWaiter second = add(A, Deadline.after(Duration.ofSeconds(9), now));
    due();
    apply(held(SHARED, Reach.BUCKET, SECOND, SECOND));
    now += SECOND.toNanos();
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    assertThat(second.refusal).contains(Refusal.TOO_LATE);
  }

  @Test
  void waitOfMoreThanAQuarterOfAnHour_withoutADeadline_isRefused() {
    RecordingWaiter waiter = add(A);
    due();
    apply(held(SHARED, Reach.ROUTE, Duration.ofMinutes(16), Duration.ofMinutes(16)));
    assertThat(waiter.refusal).contains(Refusal.TOO_LONG);
    assertThat(waiter.wait).isEqualTo(Duration.ofMinutes(16));
    RecordingWaiter shorter = add(B);
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofMinutes(14), Duration.ofMinutes(14)));
    assertThat(shorter.refusal).isEmpty();
  }

  @Test
  void fullLane_refusesNewcomersOnly() {
    for (int i = 0; i < 10; i++) {
      assertThat(add(A).refusal).isEmpty();
    }
    assertThat(add(A).refusal).contains(Refusal.QUEUE_FULL);
    assertThat(add(B).refusal).as("another lane").isEmpty();
    var returning = new RecordingWaiter(0, A, Deadline.none());
    queue.add(returning, now);
    assertThat(returning.refusal).as("it was let in before").isEmpty();
    assertThat(due()).contains(new Claim(A, 11));
  }

  @Test
  void requestThatIsSentAgain_comesFirst() {
    RecordingWaiter first = add(A);
    due();
    apply(grant(SHARED, leases(A, 1)));
    assertThat(first.lease).isPresent();
    RecordingWaiter second = add(A);
    var again = new RecordingWaiter(first.place(), A, Deadline.none());
    queue.add(again, now);
    due();
    apply(new Grant(SHARED, leases(A, 1), Optional.of(hold(Reach.BUCKET, SECOND, SECOND))));
    assertThat(again.lease).isPresent();
    assertThat(second.lease).isEmpty();
  }

  @Test
  void messages_areSentOneAtATime() {
    RecordingWaiter first = add(MESSAGES);
    RecordingWaiter second = add(MESSAGES);
    assertThat(due()).containsExactly(new Claim(MESSAGES, 1));
    apply(grant(SHARED, leases(MESSAGES, 1)));
    assertThat(due()).as("the first is under way").isEmpty();
    assertThat(queue.isEmpty()).isFalse();
    queue.through(MESSAGES, new Place(Priority.NORMAL, 99, now), now);
    assertThat(due()).as("another request's end").isEmpty();
    queue.through(MESSAGES, first.place(), now);
    assertThat(due()).containsExactly(new Claim(MESSAGES, 1));
    apply(grant(SHARED, leases(MESSAGES, 1)));
    assertThat(second.lease).isPresent();
    queue.through(MESSAGES, second.place(), now);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void messageThatIsSentAgain_keepsTheOthersWaiting() {
    RecordingWaiter first = add(MESSAGES);
    for (int i = 0; i < 9; i++) {
      add(MESSAGES);
    }
    due();
    apply(grant(SHARED, leases(MESSAGES, 1)));
    add(MESSAGES);
    var again = new RecordingWaiter(first.place(), MESSAGES, Deadline.none());
    queue.add(again, now);
    assertThat(again.refusal).as("although the lane is full").isEmpty();
    assertThat(due()).containsExactly(new Claim(MESSAGES, 1));
    apply(grant(SHARED, leases(MESSAGES, 1)));
    assertThat(again.lease).isPresent();
    assertThat(due()).isEmpty();
  }

  @Test
  void messages_whoseOrderDoesNotMatter_goTogether() {
    var unordered = new TokenQueue(10, false);
    unordered.add(new RecordingWaiter(1, MESSAGES, Deadline.none()), now);
    unordered.add(new RecordingWaiter(2, MESSAGES, Deadline.none()), now);
    assertThat(unordered.due(now)).containsExactly(new Claim(MESSAGES, 2));
  }

  @Test
  void claimsOfOneCall_areBounded() {
    var wide = new TokenQueue(10_000, true);
    long place = 0;
    for (int channel = 0; channel < 100; channel++) {
      wide.add(
          new RecordingWaiter(place++, route("GET", "/channels/" + channel), Deadline.none()), now);
    }
    assertThat(wide.due(now)).hasSize(32);
    var deep = new TokenQueue(10_000, true);
    for (int i = 0; i < 1_000; i++) {
      deep.add(new RecordingWaiter(i, A, Deadline.none()), now);
    }
    assertThat(deep.due(now)).containsExactly(new Claim(A, 256));
  }

  @Test
  void urgentRequests_goFirst_withinALaneAndAcross() {
    add(A, Priority.LOW);
    add(A, Priority.NORMAL);
    add(B, Priority.NORMAL);
    add(B, Priority.HIGH);
    add(A, Priority.HIGH);
    add(A, Priority.HIGH);
    assertThat(due())
        .containsExactly(
            claim(B, 1, Priority.HIGH),
            claim(A, 2, Priority.HIGH),
            claim(A, 1, Priority.NORMAL),
            claim(B, 1, Priority.NORMAL),
            claim(A, 1, Priority.LOW));
  }

  @Test
  void grantsOfALane_goToTheMostUrgent() {
    RecordingWaiter low = add(A, Priority.LOW);
    RecordingWaiter normal = add(A, Priority.NORMAL);
    RecordingWaiter high = add(A, Priority.HIGH);
    due();
    apply(
        grant(SHARED, leases(A, 1)),
        held(SHARED, Reach.BUCKET, SECOND, SECOND),
        held(SHARED, Reach.BUCKET, SECOND, SECOND));
    assertThat(high.lease).isPresent();
    now += SECOND.toNanos();
    assertThat(due()).extracting(Claim::priority).containsExactly(Priority.NORMAL, Priority.LOW);
    apply(grant(SHARED, leases(A, 1)), held(SHARED, Reach.BUCKET, SECOND, SECOND));
    assertThat(normal.lease).isPresent();
    assertThat(low.lease).isEmpty();
  }

  @Test
  void claim_saysHowLongTheFirstOfItWaited() {
    add(A, Priority.NORMAL);
    now += SECOND.toNanos();
    add(A, Priority.NORMAL);
    add(B, Priority.NORMAL);
    now += SECOND.toNanos();
    assertThat(due())
        .extracting(Claim::age)
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(1));
  }

  @Test
  void requestThatIsSentAgain_keepsItsPriorityAndAge() {
    RecordingWaiter low = add(A, Priority.LOW);
    due();
    apply(grant(SHARED, leases(A, 1)));
    now += SECOND.toNanos();
    add(A, Priority.NORMAL);
    add(A, Priority.LOW);
    queue.add(new RecordingWaiter(low.place(), A, Deadline.none()), now);
    assertThat(due())
        .containsExactly(
            claim(A, 1, Priority.NORMAL), new Claim(A, 2, Priority.LOW, Duration.ofSeconds(1)));
  }

  @Test
  void urgentNewcomer_findsAFullLaneFull() {
    for (int i = 0; i < 10; i++) {
      add(A);
    }
    assertThat(add(A, Priority.HIGH).refusal).contains(Refusal.QUEUE_FULL);
  }

  @Test
  void messages_goOneByOneInOrderOfUrgency() {
    add(MESSAGES, Priority.NORMAL);
    add(MESSAGES, Priority.HIGH);
    assertThat(due()).containsExactly(claim(MESSAGES, 1, Priority.HIGH));
  }

  @Test
  void maximumWait_thatTheHoldExceeds_isRefusedAtOnce_newcomersToo() {
    RecordingWaiter impatient = addImpatient(SECOND);
    RecordingWaiter patient = addImpatient(Duration.ofSeconds(3));
    due();
    apply(held(SHARED, Reach.BUCKET, Duration.ofSeconds(2), Duration.ofSeconds(2)));
    assertThat(impatient.refusal).contains(Refusal.MAX_WAIT);
    assertThat(impatient.wait).isEqualTo(Duration.ofSeconds(2));
    assertThat(patient.refusal).isEmpty();
    now += Duration.ofMillis(500).toNanos();
    assertThat(queue.atLeast(patient, now)).isEqualTo(Duration.ofMillis(1_500));
    assertThat(addImpatient(SECOND).refusal).contains(Refusal.MAX_WAIT);
    now += SECOND.toNanos();
    assertThat(addImpatient(SECOND).refusal).isEmpty();
  }

  @Test
  void credentialsThatAreRefused_answerAllWhoNeedThem_newcomersToo() {
    RecordingWaiter first = add(A);
    RecordingWaiter second = add(A);
    RecordingWaiter other = add(B);
    RecordingWaiter webhook = add(WEBHOOK);
    RecordingWaiter interaction = add(INTERACTION);
    due();
    apply(
        held(SHARED, Reach.CREDENTIALS, SECOND, Duration.ZERO),
        grant(SHARED, leases(B, 1)),
        held(SHARED, Reach.ROUTE, SECOND, Duration.ZERO),
        grant(SHARED, leases(INTERACTION, 1)));
    assertThat(List.of(first, second, other))
        .allSatisfy(waiter -> assertThat(waiter.refusal).contains(Refusal.UNAUTHORIZED));
    assertThat(webhook.refusal).isEmpty();
    assertThat(interaction.lease).isPresent();
    now += SECOND.toNanos() - 1;
    assertThat(add(A).refusal).contains(Refusal.UNAUTHORIZED);
    RecordingWaiter exempt = add(INTERACTION);
    assertThat(exempt.refusal).isEmpty();
    assertThat(due()).extracting(Claim::route).containsExactly(INTERACTION);
    apply(grant(SHARED, leases(INTERACTION, 1)));
    now++;
    assertThat(add(A).refusal).isEmpty();
    assertThat(due()).extracting(Claim::route).containsExactly(WEBHOOK, A);
  }

  @Test
  void queueThatIsEmptyAgain_rememberNothing() {
    RecordingWaiter waiter = add(A);
    due();
    apply(held(SHARED, Reach.BUCKET, SECOND, SECOND));
    assertThat(queue.remove(waiter, now)).isTrue();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.nextDue(now)).isEmpty();
    add(A);
    assertThat(due()).as("asks anew").hasSize(1);
  }

  private RecordingWaiter add(Route route) {
    return add(route, Deadline.none());
  }

  private RecordingWaiter add(Route route, Priority priority) {
    var waiter = new RecordingWaiter(new Place(priority, ++places, now), route, Deadline.none());
    queue.add(waiter, now);
    return waiter;
  }

  private RecordingWaiter addImpatient(Duration maxWait) {
    var place = new Place(Priority.NORMAL, ++places, now);
    var waiter = new RecordingWaiter(place, A, Deadline.none(), Deadline.after(maxWait, now));
    queue.add(waiter, now);
    return waiter;
  }

  private static Claim claim(Route route, int count, Priority priority) {
    return new Claim(route, count, priority, Duration.ZERO);
  }

  private RecordingWaiter add(Route route, Deadline deadline) {
    var waiter = new RecordingWaiter(++places, route, deadline);
    queue.add(waiter, now);
    return waiter;
  }

  private List<Claim> due() {
    return queue.due(now);
  }

  private List<Lease> apply(Grant... grants) {
    return queue.apply(List.of(grants), now);
  }

  private List<Lease> leases(Route route, int count) {
    var granted = new ArrayList<Lease>();
    for (int i = 0; i < count; i++) {
      granted.add(new Lease(++leases, TOKEN, route, SHARED));
    }
    return granted;
  }

  private static Grant grant(BucketKey bucket, List<Lease> leases) {
    return new Grant(bucket, leases, Optional.empty());
  }

  private static Grant held(BucketKey bucket, Reach reach, Duration delay, Duration atLeast) {
    return new Grant(bucket, List.of(), Optional.of(hold(reach, delay, atLeast)));
  }

  private static Hold hold(Reach reach, Duration delay, Duration atLeast) {
    return new Hold(reach, delay, atLeast, 5, Duration.ofSeconds(5));
  }
}
