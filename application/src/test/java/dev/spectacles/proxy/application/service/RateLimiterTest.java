package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static dev.spectacles.proxy.application.service.Running.awaitUntil;
import static dev.spectacles.proxy.application.service.Running.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.ScriptedStore.Released;
import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The waiting itself, on real threads. */
@Timeout(60)
class RateLimiterTest {
  private static final TokenId TOKEN = new TokenId("token");
  private static final Route A = route("GET", "/channels/1/alpha");
  private static final Route MESSAGES = route("POST", "/channels/1/messages");
  private static final Route INTERACTION = route("POST", "/webhooks/3/aW50ZXJhY3Rpb246YWJj");
  private static final Route CALLBACK =
      route("POST", "/interactions/175928847299117063/aToken/callback");
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ScriptedStore store = new ScriptedStore();
  private final RealClock clock = new RealClock();
  private final InMemoryEgressStore egress = new InMemoryEgressStore(clock);
  private final EgressGuard guard = Guards.of(egress, clock);
  private RateLimiter limiter = new RateLimiter(store, guard, clock, 100, true);

  /** Goes on with a limiter whose time the test passes. */
  private ManualClock withManualClock() {
    var manual = new ManualClock();
    limiter.close();
    limiter =
        new RateLimiter(
            store, Guards.of(new InMemoryEgressStore(manual), manual), manual, 100, true);
    return manual;
  }

  @AfterEach
  void close() {
    limiter.close();
  }

  @Test
  void closedPermit_thatWasNotUsed_givesTheLeaseBackUnsent() throws Exception {
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      assertThat(permit).isNotNull();
    }
    assertThat(next(store.released).outcome()).isEqualTo(new Outcome.NotSent());
  }

  @Test
  void closedPermit_withoutAReportAfterSending_isOfUnknownOutcome() throws Exception {
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      permit.aboutToSend(Deadline.none());
    }
    assertThat(next(store.released).outcome()).isEqualTo(new Outcome.Unknown());
  }

  @Test
  void closedPermit_afterItsReport_givesNothingBackTwice() throws Exception {
    var answered = new Outcome.Answered(200, Optional.empty(), Optional.empty());
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      permit.aboutToSend(Deadline.none());
      permit.report(answered);
    }
    assertThat(next(store.released).outcome()).isEqualTo(answered);
    assertThat(store.released).isEmpty();
  }

  @Test
  void secondTurn_thatIsNotUsed_isGivenBackUnsent() throws Exception {
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      permit.aboutToSend(Deadline.none());
      permit.report(new Outcome.Unknown());
      permit.again(Deadline.none());
    }
    Released first = next(store.released);
    Released second = next(store.released);
    assertThat(second.outcome()).isEqualTo(new Outcome.NotSent());
    assertThat(second.lease()).isNotEqualTo(first.lease());
  }

  @Test
  void interruptedThread_stillGivesItsLeaseBack() throws Exception {
    var holding = new CountDownLatch(1);
    var forEver = new CountDownLatch(1);
    var flagKept = new AtomicBoolean();
    Running<String> running =
        Running.start(
            () -> {
              try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
                permit.aboutToSend(Deadline.none());
                holding.countDown();
                forEver.await();
              } catch (InterruptedException e) {
                flagKept.set(true);
              }
              return "done";
            });
    holding.await();
    running.interrupt();
    assertThat(running.get()).isEqualTo("done");
    assertThat(flagKept).isTrue();
    assertThat(next(store.released).outcome()).isEqualTo(new Outcome.Unknown());
  }

  @Test
  void interruptedWaiter_leavesTheLine() throws Exception {
    store.script = (token, claim) -> store.held(claim, LONG, Duration.ZERO);
    Running<Permit> waiting = Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none()));
    next(store.claimed);
    waiting.awaitBlocked().interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    store.script = (token, claim) -> store.granted(token, claim, claim.count());
    limiter.acquire(TOKEN, route("GET", "/channels/2/alpha"), Deadline.none()).close();
    assertThat(store.claimed).as("nobody asks for the one that left").hasSize(1);
  }

  @Test
  void interruption_whileTheStoreDecides_givesTheLeaseBack() throws Exception {
    var deciding = new CountDownLatch(1);
    var decide = new CountDownLatch(1);
    store.script =
        (token, claim) -> {
          deciding.countDown();
          await(decide);
          return store.granted(token, claim, claim.count());
        };
    Running<Permit> waiting = Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none()));
    deciding.await();
    waiting.interrupt();
    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    decide.countDown();
    assertThat(next(store.released).outcome()).isEqualTo(new Outcome.NotSent());
  }

  @Test
  void deadline_thatPassesWhileTheStoreDecides_givesTheLeaseBack() throws Exception {
    var decide = new CountDownLatch(1);
    store.script =
        (token, claim) -> {
          await(decide);
          return store.granted(token, claim, claim.count());
        };
    Deadline soon = Deadline.after(Duration.ofMillis(20), clock.nanoTime());
    Throwable failure = Running.start(() -> limiter.acquire(TOKEN, A, soon)).failure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LATE));
    decide.countDown();
    assertThat(next(store.released).outcome()).isEqualTo(new Outcome.NotSent());
  }

  @Test
  void manyDeadlines_aroundTheGrant_loseNoLease() throws Exception {
    var granted = new AtomicInteger();
    store.script =
        (token, claim) -> {
          granted.addAndGet(claim.count());
          return store.granted(token, claim, claim.count());
        };
    var running = new ArrayList<Running<Boolean>>();
    for (int i = 0; i < 2_000; i++) {
      int micros = i % 50 * 20;
      running.add(
          Running.start(
              () -> {
                Deadline deadline =
                    Deadline.after(Duration.ofNanos(micros * 1_000L), clock.nanoTime());
                try (Permit permit = limiter.acquire(TOKEN, A, deadline)) {
                  permit.aboutToSend(Deadline.none());
                  return true;
                } catch (RefusedException e) {
                  return false;
                }
              }));
    }
    for (Running<Boolean> one : running) {
      one.get();
    }
    awaitUntil(() -> store.released.size() == granted.get());
    assertThat(store.released.stream().map(Released::lease).distinct()).hasSize(granted.get());
  }

  @Test
  void storeThatFails_isAskedAgain() throws Exception {
    var failures = new AtomicInteger(2);
    store.script =
        (token, claim) -> {
          if (failures.getAndDecrement() > 0) {
            throw new StoreException("down");
          }
          return store.granted(token, claim, claim.count());
        };
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    assertThat(store.claimed).hasSize(3);
  }

  @Test
  void defectOfTheStore_doesNotEndTheTurnsOfACaller() throws Exception {
    var failures = new AtomicInteger(1);
    store.script =
        (token, claim) -> {
          if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("a defect");
          }
          return store.granted(token, claim, claim.count());
        };
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    assertThat(store.claimed).hasSize(2);
  }

  @Test
  void surplusLeases_thatCannotBeGivenBack_doNotEndTheTurnsOfACaller() throws Exception {
    var decide = new CountDownLatch(1);
    store.releaseFailure = Optional.of(new StoreException("down"));
    store.script =
        (token, claim) -> {
          await(decide);
          return store.granted(token, claim, claim.count());
        };
    Deadline soon = Deadline.after(Duration.ofMillis(500), clock.nanoTime());
    assertThat(Running.start(() -> limiter.acquire(TOKEN, A, soon)).failure())
        .isInstanceOf(RefusedException.class);
    decide.countDown();
    next(store.released);
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    assertThat(store.claimed).hasSize(2);
  }

  @Test
  void reportThatFails_isTheStoresLoss() throws Exception {
    store.releaseFailure = Optional.of(new StoreException("down"));
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      permit.aboutToSend(Deadline.none());
      permit.report(new Outcome.Unknown());
    }
    assertThat(store.released).hasSize(1);
  }

  @Test
  void leases_areRenewedWhileTheyAreOut() throws Exception {
    store.leaseTime = Duration.ofMillis(30);
    Permit permit = limiter.acquire(TOKEN, A, Deadline.none());
    Lease lease = next(store.renewed);
    assertThat(next(store.renewed)).isEqualTo(lease);
    permit.close();
    assertThat(next(store.released).lease()).isEqualTo(lease);
    // A renewal under way may still come; it is over when another request has come and gone.
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    store.renewed.clear();
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    assertThat(store.renewed).doesNotContain(lease);
  }

  @Test
  void giveBack_wakesWhoeverWaits() throws Exception {
    var open = new AtomicBoolean();
    store.script =
        (token, claim) ->
            open.get()
                ? store.granted(token, claim, claim.count())
                : store.held(claim, LONG, Duration.ZERO);
    Running<Permit> waiting = Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none()));
    next(store.claimed);
    waiting.awaitBlocked();
    open.set(true);
    store.listener.available(TOKEN, BucketKey.provisional(A), Duration.ZERO);
    assertThat(waiting.get()).isNotNull();
  }

  @Test
  void staleGrant_isStampedAnewBeforeSending() throws Exception {
    ManualClock manual = withManualClock();
    Permit fresh = limiter.acquire(TOKEN, A, Deadline.none());
    manual.advance(Duration.ofMillis(250));
    fresh.aboutToSend(Deadline.none());
    assertThat(store.restamped).isEmpty();
    Permit stale = limiter.acquire(TOKEN, A, Deadline.none());
    manual.advance(Duration.ofMillis(251));
    stale.aboutToSend(Deadline.none());
    assertThat(store.restamped).hasSize(1);
    fresh.close();
    stale.close();
  }

  @Test
  void requestThatIsWrittenLate_countsFromThen() throws Exception {
    ManualClock manual = withManualClock();
    Permit late = limiter.acquire(TOKEN, A, Deadline.none());
    manual.advance(Duration.ofMillis(9));
    late.aboutToSend(Deadline.none());
    late.writing();
    manual.advance(Duration.ofMillis(100));
    late.close();
    assertThat(next(store.released).late()).isEqualTo(Duration.ofMillis(9));
    assertThat(store.restamped).isEmpty();
  }

  @Test
  void requestThatIsWrittenLateAndTakesLong_isStampedAnewWithItsRenewal() throws Exception {
    store.leaseTime = Duration.ofMillis(300);
    ManualClock manual = withManualClock();
    try (Permit late = limiter.acquire(TOKEN, A, Deadline.none())) {
      manual.advance(Duration.ofMillis(9));
      late.writing();
      manual.advance(Duration.ofMillis(100));
      assertThat(next(store.restamped).id()).isEqualTo(1);
    }
  }

  @Test
  void requestThatIsWrittenInTime_countsFromItsGrant() throws Exception {
    ManualClock manual = withManualClock();
    Permit inTime = limiter.acquire(TOKEN, A, Deadline.none());
    manual.advance(Duration.ofMillis(8));
    inTime.writing();
    inTime.close();
    assertThat(next(store.released).late()).isZero();
  }

  @Test
  void requestThatTheGlobalLimitDoesNotCount_isNeverLate() throws Exception {
    ManualClock manual = withManualClock();
    Permit late = limiter.acquire(TOKEN, INTERACTION, Deadline.none());
    manual.advance(Duration.ofMillis(200));
    late.writing();
    late.close();
    assertThat(next(store.released).late()).isZero();
  }

  @Test
  void grant_thatWasLongUnderWay_isStampedAnew() throws Exception {
    ManualClock manual = withManualClock();
    store.script =
        (token, claim) -> {
          // The store stamped it; then everything stood still.
          manual.advance(Duration.ofMillis(300));
          return store.granted(token, claim, claim.count());
        };
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      permit.aboutToSend(Deadline.none());
      assertThat(store.restamped).hasSize(1);
    }
  }

  @Test
  void grantOfADistantStore_isAsOldAsTheWayBack() throws Exception {
    ManualClock manual = withManualClock();
    store.script =
        (token, claim) -> {
          manual.advance(Duration.ofMillis(200));
          return store.granted(token, claim, claim.count());
        };
    limiter.acquire(TOKEN, A, Deadline.none()).close();
    assertThat(next(store.released).late()).isZero();
    Permit permit = limiter.acquire(TOKEN, A, Deadline.none());
    permit.writing();
    permit.close();
    assertThat(next(store.released).late()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void leaseThatTheStoreGaveUp_isNotSentOn_theRequestGoesBackToItsPlace() throws Exception {
    ManualClock manual = withManualClock();
    Permit permit = limiter.acquire(TOKEN, MESSAGES, Deadline.none());
    Running<Permit> next =
        Running.start(() -> limiter.acquire(TOKEN, MESSAGES, Deadline.none())).awaitBlocked();
    store.lost = lease -> lease.id() == 1;
    manual.advance(Duration.ofSeconds(1));
    permit.aboutToSend(Deadline.none());
    assertThat(store.restamped).extracting(Lease::id).containsExactly(1L);
    assertThat(next.isDone()).as("the first is still to be sent").isFalse();
    permit.report(new Outcome.Unknown());
    permit.close();
    next.get().close();
    assertThat(store.released)
        .extracting(released -> released.lease().id())
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void leaseThatWasNotRenewed_isNotSentOn() throws Exception {
    ManualClock manual = withManualClock();
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      manual.advance(store.leaseTime);
      permit.aboutToSend(Deadline.none());
      assertThat(store.restamped).as("not worth a question").isEmpty();
      assertThat(store.claimed).hasSize(2);
    }
  }

  @Test
  void leasesThatAreLostAgainAndAgain_endInARefusal() throws Exception {
    ManualClock manual = withManualClock();
    store.lost = any -> true;
    store.script =
        (token, claim) -> {
          manual.advance(Duration.ofSeconds(claimed()));
          return store.granted(token, claim, claim.count());
        };
    try (Permit permit = limiter.acquire(TOKEN, A, Deadline.none())) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> permit.aboutToSend(Deadline.none()));
    }
    assertThat(store.released).hasSize(6);
  }

  @Test
  void peek_tellsWhatWaitsForWhat_theMostFirst() throws Exception {
    ManualClock manual = withManualClock();
    store.script = (token, claim) -> store.held(claim, LONG, Duration.ZERO);
    TokenId other = new TokenId("other");
    List<Running<Permit>> waiting = new ArrayList<>();
    waiting.add(Running.start(() -> limiter.acquire(other, A, Deadline.none())).awaitBlocked());
    manual.advance(Duration.ofSeconds(2));
    for (int i = 0; i < 3; i++) {
      waiting.add(Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none())).awaitBlocked());
      manual.advance(Duration.ofSeconds(1));
    }
    var status =
        new BucketStatus(
            BucketKey.provisional(A), Model.UNKNOWN, 1, 0, 0, Optional.of(Duration.ZERO));
    assertThat(limiter.peek(200))
        .containsExactly(
            new PeekLimits.Waiting(TOKEN, A.key(), status, 3, Duration.ofSeconds(3)),
            new PeekLimits.Waiting(other, A.key(), status, 1, Duration.ofSeconds(5)));
    waiting.forEach(Running::interrupt);
    for (Running<Permit> one : waiting) {
      assertThat(one.failure()).isInstanceOf(InterruptedException.class);
    }
    assertThat(limiter.peek(200)).isEmpty();
  }

  @Test
  void peek_isBounded() throws Exception {
    store.script = (token, claim) -> store.held(claim, LONG, Duration.ZERO);
    var waiting = new ArrayList<Ticket>();
    for (int i = 0; i < 250; i++) {
      Route route = route("GET", "/channels/" + i + "/alpha");
      waiting.add(limiter.enqueue(TOKEN, route, Priority.NORMAL, Deadline.none(), Deadline.none()));
    }
    waiting.add(limiter.enqueue(TOKEN, A, Priority.NORMAL, Deadline.none(), Deadline.none()));
    assertThat(limiter.peek(200))
        .hasSize(200)
        .first()
        .satisfies(most -> assertThat(most.requests()).isEqualTo(2));
    waiting.forEach(Ticket::cancel);
  }

  @Test
  void messagesOfOneChannel_areHandedOutOneByOne() throws Exception {
    Permit first = limiter.acquire(TOKEN, MESSAGES, Deadline.none());
    Running<Permit> second =
        Running.start(() -> limiter.acquire(TOKEN, MESSAGES, Deadline.none())).awaitBlocked();
    first.aboutToSend(Deadline.none());
    first.report(new Outcome.Unknown());
    assertThat(second.isDone()).as("the first may be sent again").isFalse();
    first.again(Deadline.none());
    first.close();
    second.get().close();
  }

  @Test
  void callback_goesPastTheLine() throws Exception {
    store.script =
        (token, claim) ->
            claim.route().equals(CALLBACK)
                ? store.granted(token, claim, 1)
                : store.held(claim, LONG, Duration.ZERO);
    Running<Permit> waiting = Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none()));
    next(store.claimed);
    limiter.acquire(TOKEN, CALLBACK, Deadline.none()).close();
    assertThat(waiting.isDone()).isFalse();
  }

  @Test
  void callback_ofABannedAddress_isRefusedWhenItWouldComeTooLate() throws Exception {
    egress.report(new EgressReport.Banned(Duration.ofSeconds(60), Optional.empty()));
    assertThat(Running.start(() -> limiter.acquire(TOKEN, CALLBACK, Deadline.none())).failure())
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LONG));
  }

  @Test
  void callback_goesOut_whileTheStoreIsDown() throws Exception {
    store.script =
        (token, claim) -> {
          throw new StoreException("down");
        };
    Running.start(() -> limiter.acquire(TOKEN, CALLBACK, Deadline.none())).get().close();
    assertThat(store.claimed).isEmpty();
  }

  @Test
  void ban_refusesThoseInLineWhoCannotWaitThatLong() throws Exception {
    store.script = (token, claim) -> store.held(claim, LONG, Duration.ZERO);
    Deadline soon = Deadline.after(Duration.ofSeconds(30), clock.nanoTime());
    Running<Permit> late = Running.start(() -> limiter.acquire(TOKEN, A, soon));
    next(store.claimed);
    egress.report(new EgressReport.Banned(Duration.ofSeconds(60), Optional.empty()));
    assertThat(late.failure())
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LATE));
  }

  @Test
  void tooManyInvalidRequests_refuseAllInLineAtOnce() throws Exception {
    store.script = (token, claim) -> store.held(claim, LONG, Duration.ZERO);
    Running<Permit> waiting = Running.start(() -> limiter.acquire(TOKEN, A, Deadline.none()));
    next(store.claimed);
    for (int i = 0; i < 9_500; i++) {
      egress.report(new EgressReport.Invalid());
    }
    assertThat(waiting.failure())
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID_REQUESTS));
  }

  @Test
  void pump_withNothingToDo_ends_andAnotherTakesItsPlace() throws Exception {
    var queue = new TokenQueue(10, true);
    var pump =
        new TokenPump(
            TOKEN,
            queue,
            store,
            guard,
            clock,
            new StoreDelay(),
            new Lapse(clock),
            Duration.ofMillis(5));
    Running<String> running =
        Running.start(
            () -> {
              pump.run();
              return "ended";
            });
    assertThat(running.get()).isEqualTo("ended");
    assertThat(pump.submit(new RecordingWaiter(1, A, Deadline.none()))).isFalse();
    limiter.acquire(TOKEN, A, Deadline.none()).close();
  }

  @Test
  void pump_doesNotEnd_whileALeaseIsOut() throws Exception {
    store.leaseTime = Duration.ofMillis(30);
    var queue = new TokenQueue(10, true);
    var pump =
        new TokenPump(
            TOKEN,
            queue,
            store,
            guard,
            clock,
            new StoreDelay(),
            new Lapse(clock),
            Duration.ofMillis(1));
    var waiter = new RecordingWaiter(1, A, Deadline.none());
    assertThat(pump.submit(waiter)).isTrue();
    Running<String> running =
        Running.start(
            () -> {
              pump.run();
              return "ended";
            });
    Lease lease = next(store.renewed);
    next(store.renewed);
    assertThat(running.isDone()).isFalse();
    pump.returned(lease);
    assertThat(running.get()).isEqualTo("ended");
  }

  @Test
  void requestsOfManyThreads_areAllServedInBatches() throws Exception {
    var running = new ArrayList<Running<Boolean>>();
    for (int i = 0; i < 1_000; i++) {
      Route route = route("GET", "/channels/" + i % 7 + "/alpha");
      running.add(
          Running.start(
              () -> {
                try (Permit permit = limiter.acquire(TOKEN, route, Deadline.none())) {
                  permit.aboutToSend(Deadline.none());
                  permit.report(new Outcome.NotSent());
                  return true;
                } catch (RefusedException e) {
                  return e.refusal() == Refusal.QUEUE_FULL;
                }
              }));
    }
    for (Running<Boolean> one : running) {
      assertThat(one.get()).isTrue();
    }
    assertThat(List.copyOf(store.released)).isNotEmpty();
  }

  private int claimed() {
    return store.claimed.size();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
