package dev.spectacles.proxy.application.port.out;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RateLimitStore} promises.
 *
 * <p>A subject has a global limit of 50 per second with the standard margin and knows nothing of an
 * earlier test's tokens. Its time may be real: nothing here is exact to less than {@link #SLACK}.
 */
public interface RateLimitStoreContract {
  /** Precision of the times that a store says. */
  Duration SLACK = Duration.ofMillis(80);

  /** Long enough for every window in here to be over. */
  Duration WINDOW_AND_MORE = Duration.ofMillis(2_200);

  /** Store under test, the same during one test. */
  RateLimitStore store();

  /** Store of another instance that shares everything with {@link #store}. */
  RateLimitStore another();

  /** Lets this much of the store's time pass. */
  void pass(Duration duration) throws InterruptedException;

  /** Reading of the store's clock in milliseconds, from any start. */
  long millis();

  @Test
  default void unknownRoute_letsOneProbeThroughAtATime() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    Grant first = claim(token, route, 3);
    assertThat(first.leases()).hasSize(1);
    assertThat(first.hold().map(Hold::reach)).contains(Reach.BUCKET);
    assertThat(first.bucket()).isEqualTo(BucketKey.provisional(route));
    assertThat(claim(token, route, 1).leases()).isEmpty();
  }

  @Test
  default void lease_namesWhatItIsFor_andHasAnIdOfItsOwn() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    Grant grant = claim(token, route, 5);
    assertThat(grant.leases()).hasSize(5).doesNotHaveDuplicates();
    assertThat(grant.leases().stream().map(Lease::id).distinct()).hasSize(5);
    assertThat(grant.leases()).allMatch(lease -> lease.token().equals(token));
    assertThat(grant.leases()).allMatch(lease -> lease.route().equals(route));
    assertThat(grant.leases()).allMatch(lease -> lease.bucket().equals(grant.bucket()));
    assertThat(grant.hold()).as("all that was asked for").isEmpty();
  }

  @Test
  default void answeredProbe_opensTheBucketForWhatIsLeft() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    answer(one(token, route), "a", 5, 4, 2_000);
    Grant grant = claim(token, route, 10);
    assertThat(grant.leases()).hasSize(4);
    assertThat(grant.bucket()).isEqualTo(bucket("a", "channels/1"));
  }

  @Test
  default void exhaustedBucket_saysHowLong() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    answer(one(token, route), "a", 5, 0, 2_000);
    Grant grant = claim(token, route, 1);
    assertThat(grant.leases()).isEmpty();
    Hold hold = grant.hold().orElseThrow();
    assertThat(hold.reach()).isEqualTo(Reach.BUCKET);
    assertThat(hold.delay()).isCloseTo(Duration.ofSeconds(2), SLACK);
    assertThat(hold.atLeast()).isCloseTo(Duration.ofSeconds(2), SLACK);
    assertThat(hold.atLeast(10)).isCloseTo(Duration.ofSeconds(6), SLACK);
  }

  @Test
  default void fixedWindow_refillsAllAtOnce_notBefore() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    answer(one(token, route), "a", 5, 0, 1_000);
    pass(Duration.ofMillis(900));
    assertThat(claim(token, route, 9).leases()).isEmpty();
    pass(Duration.ofMillis(150));
    assertThat(claim(token, route, 9).leases()).hasSize(5);
  }

  @Test
  default void slidingBucket_refillsOneByOne() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    // 4 per 2 s: one comes back each 500 ms.
    answer(one(token, route), "a", 4, 3, 500);
    pass(Duration.ofMillis(100));
    answer(one(token, route), "a", 4, 2, 900);
    List<Lease> rest = claim(token, route, 9).leases();
    assertThat(rest).hasSize(2);
    answer(rest.get(0), "a", 4, 1, 1_400);
    answer(rest.get(1), "a", 4, 0, 1_900);
    Grant none = claim(token, route, 9);
    assertThat(none.leases()).isEmpty();
    assertThat(none.hold().orElseThrow().delay()).isCloseTo(Duration.ofMillis(400), SLACK);
    pass(Duration.ofMillis(500));
    assertThat(claim(token, route, 9).leases()).hasSize(1);
    pass(Duration.ofMillis(500));
    assertThat(claim(token, route, 9).leases()).as("the one in flight counts").hasSize(1);
  }

  @Test
  default void routesOfOneHash_shareOneBudgetPerMajor() throws InterruptedException {
    TokenId token = token();
    Route create = known(token, "POST", "/channels/1/messages", "a", 5, 2_000);
    Route edit = known(token, "PATCH", "/channels/1/messages/175928847299117063", "a", 5, 2_000);
    assertThat(claim(token, create, 3).leases()).hasSize(3);
    assertThat(claim(token, edit, 9).leases()).hasSize(2);
    assertThat(claim(token, create, 1).leases()).isEmpty();
    assertThat(claim(token, route("POST", "/channels/2/messages"), 9).leases()).hasSize(5);
  }

  @Test
  default void otherMajorOfAKnownHash_needsNoProbe() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    Grant grant = claim(token, route("GET", "/channels/2/alpha"), 9);
    assertThat(grant.leases()).hasSize(5);
    assertThat(grant.bucket()).isEqualTo(bucket("a", "channels/2"));
  }

  @Test
  default void tokens_areIndependent() throws InterruptedException {
    TokenId used = token();
    Route route = known(used, "GET", "/channels/1/alpha", "a", 5, 2_000);
    assertThat(claim(used, route, 9).leases()).hasSize(5);
    TokenId other = token();
    assertThat(claim(other, route, 9).leases()).as("its own probe").hasSize(1);
  }

  @Test
  default void claims_areDecidedInTheirOrder() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 2_000);
    Route other = route("GET", "/channels/2/alpha");
    List<Grant> grants =
        store()
            .claim(
                token,
                List.of(
                    new Claim(route, 2),
                    new Claim(other, 1),
                    new Claim(route, 2),
                    new Claim(other, 1)));
    assertThat(grants).extracting(grant -> grant.leases().size()).containsExactly(2, 1, 1, 1);
    assertThat(grants.get(2).hold()).isPresent();
  }

  @Test
  default void leases_countOverAReset() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 1_000);
    Lease late = one(token, route);
    answer(one(token, route), "a", 3, 1, 1_000);
    pass(Duration.ofMillis(1_100));
    assertThat(claim(token, route, 9).leases()).hasSize(2);
    assertThat(late.id()).isNotZero();
  }

  @Test
  default void expiredLease_countsAsUsedForAWindow() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 1_000);
    one(token, route);
    pass(store().leaseTime().plusMillis(200));
    List<Lease> left = claim(token, route, 9).leases();
    assertThat(left).hasSize(2);
    giveBack(left);
    pass(Duration.ofMillis(1_200));
    assertThat(claim(token, route, 9).leases()).hasSize(3);
  }

  @Test
  default void expiredLease_stillTeachesWhatItsAnswerTells() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    Lease late = one(token, route);
    pass(store().leaseTime().plusMillis(200));
    answer(late, "a", 5, 4, 2_000);
    assertThat(claim(token, route, 9).leases()).hasSize(4);
  }

  @Test
  default void renewedLease_doesNotExpire() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 2, 1_000);
    Lease lease = one(token, route);
    for (int i = 0; i < 3; i++) {
      pass(store().leaseTime().multipliedBy(6).dividedBy(10));
      store().renew(List.of(lease));
    }
    List<Lease> other = claim(token, route, 9).leases();
    assertThat(other).hasSize(1);
    giveBack(other);
    store().release(lease, new Outcome.NotSent());
    assertThat(claim(token, route, 9).leases()).as("it was not counted as used").hasSize(2);
  }

  @Test
  default void leaseThatIsBack_cannotBeRenewed() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 2, 1_000);
    Lease lease = one(token, route);
    store().release(lease, new Outcome.NotSent());
    store().renew(List.of(lease));
    assertThat(claim(token, route, 9).leases()).hasSize(2);
  }

  @Test
  default void unsentRequest_givesItsPermissionBack() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 2_000);
    giveBack(claim(token, route, 3).leases());
    assertThat(claim(token, route, 9).leases()).hasSize(3);
  }

  @Test
  default void leaseGivenBackTwice_countsOnce() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 2_000);
    List<Lease> leases = claim(token, route, 3).leases();
    store().release(leases.getFirst(), new Outcome.NotSent());
    store().release(leases.getFirst(), new Outcome.Unknown());
    assertThat(claim(token, route, 9).leases()).hasSize(1);
  }

  @Test
  default void unknownOutcome_countsAsUsed() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 1_000);
    store().release(one(token, route), new Outcome.Unknown());
    List<Lease> left = claim(token, route, 9).leases();
    assertThat(left).hasSize(2);
    giveBack(left);
    pass(Duration.ofMillis(1_200));
    assertThat(claim(token, route, 9).leases()).hasSize(3);
  }

  @Test
  default void unknownOutcomeOfAProbe_holdsTheRouteUpForAWhile() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    store().release(one(token, route), new Outcome.Unknown());
    assertThat(claim(token, route, 1).leases()).isEmpty();
    pass(Duration.ofMillis(1_200));
    assertThat(claim(token, route, 9).leases()).as("the next probe").hasSize(1);
  }

  @Test
  default void answerWithoutHeaders_ofALimitedRoute_countsAsUsed() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 2_000);
    answerPlain(one(token, route), 200);
    assertThat(claim(token, route, 9).leases()).hasSize(2);
  }

  @Test
  default void routesWithoutHeaders_areUnlimitedButForTheirNumberInFlight()
      throws InterruptedException {
    TokenId token = token();
    Route route = route("POST", interactionWebhook());
    answerPlain(one(token, route), 200);
    List<Lease> leases = claim(token, route, 60).leases();
    assertThat(leases).hasSize(50);
    answerPlain(leases.getFirst(), 200);
    answerPlain(leases.get(1), 200);
    assertThat(claim(token, route, 60).leases()).hasSize(2);
  }

  @Test
  default void refusedRequestOfAnUnknownRoute_teachesNothing() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    answerPlain(one(token, route), 404);
    assertThat(claim(token, route, 9).leases()).as("probe again").hasSize(1);
  }

  @Test
  default void limitThatShrinks_countsAtOnce() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 10, 1_000);
    answer(one(token, route), "a", 4, 1, 1_000);
    assertThat(claim(token, route, 9).leases()).hasSize(1);
    pass(Duration.ofMillis(1_100));
    assertThat(claim(token, route, 9).leases()).as("one is in flight").hasSize(3);
  }

  @Test
  default void limitThatGrows_isUsedAtOnce() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 2_000);
    answer(one(token, route), "a", 8, 7, 2_000);
    assertThat(claim(token, route, 9).leases()).hasSize(7);
  }

  @Test
  default void bucket429_holdsTheBucketUpUntilItsTime() throws InterruptedException {
    TokenId token = token();
    Route create = known(token, "POST", "/channels/1/messages", "a", 5, 1_000);
    Route edit = known(token, "PATCH", "/channels/1/messages/175928847299117063", "a", 5, 1_000);
    answer429(
        one(token, create), Scope.USER, Duration.ofSeconds(2), Optional.of(full("a", 5, 1_000)));
    for (Route route : List.of(create, edit)) {
      Hold hold = claim(token, route, 1).hold().orElseThrow();
      assertThat(hold.reach()).isEqualTo(Reach.BUCKET);
      assertThat(hold.delay()).isCloseTo(Duration.ofSeconds(2), SLACK);
    }
    assertThat(claim(token, route("POST", "/channels/2/messages"), 1).leases()).hasSize(1);
    pass(Duration.ofMillis(2_100));
    assertThat(claim(token, create, 9).leases()).hasSize(5);
  }

  @Test
  default void bucket429OfAnUnknownRoute_holdsItUp() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    answer429(one(token, route), Scope.USER, Duration.ofSeconds(1), Optional.empty());
    assertThat(claim(token, route, 1).leases()).isEmpty();
    pass(Duration.ofMillis(1_100));
    assertThat(claim(token, route, 1).leases()).hasSize(1);
  }

  @Test
  default void hiddenLimits429_holdsUpItsRouteOnly() throws InterruptedException {
    TokenId token = token();
    Route change = known(token, "PATCH", "/channels/1", "a", 5, 2_000);
    Route rename =
        new Route(
            change.key(), change.major(), new BlockKey("rename " + change.major()), change.kind());
    for (Scope scope : List.of(Scope.SUBLIMIT, Scope.SHARED)) {
      answer429(
          one(token, rename), scope, Duration.ofSeconds(1), Optional.of(some("a", 5, 4, 2_000)));
      Hold hold = claim(token, rename, 1).hold().orElseThrow();
      assertThat(hold.reach()).isEqualTo(Reach.ROUTE);
      assertThat(hold.delay()).isCloseTo(Duration.ofSeconds(1), SLACK);
      Grant other = claim(token, change, 1);
      assertThat(other.leases()).as("%s leaves the bucket's other routes alone", scope).hasSize(1);
      giveBack(other.leases());
      pass(Duration.ofMillis(1_100));
      giveBack(claim(token, rename, 1).leases());
    }
  }

  @Test
  default void sharedLimit_neverTakesTheBucketsResetForItsOwn() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    answer429(
        one(token, route),
        Scope.SHARED,
        Duration.ofMillis(500),
        Optional.of(some("a", 5, 4, 2_000)));
    pass(Duration.ofMillis(600));
    assertThat(claim(token, route, 9).leases()).hasSize(4);
  }

  @Test
  default void global429_holdsEverythingOfTheTokenUpButInteractions() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    answer429(one(token, route), Scope.GLOBAL, Duration.ofSeconds(1), Optional.empty());
    for (Route held :
        List.of(route, route("GET", "/channels/2/alpha"), route("GET", "/users/@me"))) {
      Grant grant = claim(token, held, 1);
      assertThat(grant.leases()).isEmpty();
      Hold hold = grant.hold().orElseThrow();
      assertThat(hold.reach()).isEqualTo(Reach.TOKEN);
      assertThat(hold.delay()).isCloseTo(Duration.ofSeconds(1), SLACK);
    }
    assertThat(claim(token, route("POST", interactionWebhook()), 1).leases()).hasSize(1);
    assertThat(claim(token(), route, 1).leases()).as("another token").hasSize(1);
    pass(Duration.ofMillis(1_100));
    assertThat(claim(token, route, 1).leases()).hasSize(1);
  }

  @Test
  default void globalLimit_countsWhatWasGrantedInTheLastSecondAndAMargin()
      throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    List<Grant> grants = claimMany(token, 0, 12);
    assertThat(leases(grants)).hasSize(50);
    assertThat(grants.getLast().hold().map(Hold::reach)).contains(Reach.TOKEN);
    assertThat(grants.getLast().hold().orElseThrow().delay())
        .isCloseTo(Duration.ofMillis(1_032), SLACK);
    pass(Duration.ofMillis(950));
    assertThat(leases(claimMany(token, 20, 12)).size()).as("a second is not enough").isZero();
    pass(Duration.ofMillis(150));
    assertThat(leases(claimMany(token, 40, 12))).hasSize(50);
  }

  @Test
  default void globalLimit_isNotUsedByWhatTheBucketRefuses() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    for (int i = 0; i < 60; i++) {
      claim(token, route, 9);
    }
    assertThat(leases(claimMany(token, 10, 12))).hasSize(45);
  }

  @Test
  default void requestsThatWereSentLate_countFromThen() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    List<Lease> late = leases(claimMany(token, 0, 12));
    assertThat(late).hasSize(50);
    pass(Duration.ofMillis(600));
    for (Lease lease : late) {
      store().release(lease, new Outcome.Unknown(), Duration.ofMillis(500));
    }
    pass(Duration.ofMillis(600));
    assertThat(leases(claimMany(token, 20, 12)).size()).as("sent 700 ms ago").isZero();
    pass(Duration.ofMillis(450));
    assertThat(leases(claimMany(token, 40, 12))).hasSize(50);
  }

  @Test
  default void restampedLeases_allCountFromThen() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    List<Lease> stalled = leases(claimMany(token, 0, 12));
    assertThat(stalled).hasSize(50);
    pass(Duration.ofMillis(500));
    for (Lease lease : stalled) {
      store().restamp(lease);
    }
    pass(Duration.ofMillis(700));
    assertThat(leases(claimMany(token, 20, 12)).size()).as("sent 700 ms ago").isZero();
    pass(Duration.ofMillis(450));
    assertThat(leases(claimMany(token, 40, 12))).hasSize(50);
  }

  @Test
  default void restampedLease_isCountedOnceOnly() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    List<Lease> leases = leases(claimMany(token, 0, 12));
    pass(Duration.ofMillis(500));
    store().restamp(leases.get(7));
    store().restamp(leases.get(7));
    pass(Duration.ofMillis(650));
    assertThat(leases(claimMany(token, 20, 12))).as("all but the one stamped anew").hasSize(49);
  }

  @Test
  default void otherHash_isBelievedWhenItComesTwiceInARow() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    answer(one(token, route), "b", 5, 4, 2_000);
    assertThat(peek(token, route)).isEqualTo(bucket("a", "channels/1"));
    answer(one(token, route), "a", 5, 3, 2_000);
    answer(one(token, route), "b", 5, 3, 2_000);
    assertThat(peek(token, route)).as("they alternate").isEqualTo(bucket("a", "channels/1"));
    answer(one(token, route), "b", 5, 2, 2_000);
    assertThat(peek(token, route)).isEqualTo(bucket("b", "channels/1"));
    assertThat(claim(token, route, 9).leases()).hasSize(2);
  }

  @Test
  default void hashThatSplits_givesEachRouteItsOwnBudget() throws InterruptedException {
    TokenId token = token();
    Route create = known(token, "POST", "/channels/1/messages", "a", 5, 2_000);
    Route edit = known(token, "PATCH", "/channels/1/messages/175928847299117063", "a", 5, 2_000);
    answer(one(token, edit), "b", 5, 4, 2_000);
    answer(one(token, edit), "b", 5, 3, 2_000);
    assertThat(claim(token, edit, 9).leases()).hasSize(3);
    assertThat(claim(token, create, 9).leases()).hasSize(5);
  }

  @Test
  default void bucketThatOnly429sName_doesNotReplaceTheRoutesOwn() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    for (int i = 0; i < 3; i++) {
      answer429(
          one(token, route),
          Scope.USER,
          Duration.ofMillis(500),
          Optional.of(full("guard", 30, 500)));
      assertThat(claim(token, route, 1).leases()).as("held up all the same").isEmpty();
      pass(Duration.ofMillis(600));
      assertThat(peek(token, route)).isEqualTo(bucket("a", "channels/1"));
    }
  }

  @Test
  default void listener_hearsOfWhatIsGivenBack() throws InterruptedException {
    TokenId token = token();
    var heard = listen();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 2, 2_000);
    List<Lease> leases = claim(token, route, 3).leases();
    assertThat(leases).as("one has to wait").hasSize(2);
    heard.clear();
    store().release(leases.getFirst(), new Outcome.NotSent());
    Heard now = heardFor(heard, bucket("a", "channels/1"));
    assertThat(now.token()).isEqualTo(token);
    assertThat(now.delay()).isZero();
    heard.clear();
    claim(token, route, 2);
    answer(leases.get(1), "a", 2, 0, 2_000);
    assertThat(heardFor(heard, bucket("a", "channels/1")).delay())
        .isCloseTo(Duration.ofSeconds(2), SLACK);
  }

  @Test
  default void listener_hearsOfTheProbesBucketToo() throws InterruptedException {
    TokenId token = token();
    var heard = listen();
    Route route = route("GET", "/channels/1/alpha");
    Grant probe = claim(token, route, 2);
    assertThat(probe.leases()).as("one has to wait").hasSize(1);
    answer(probe.leases().getFirst(), "a", 5, 4, 2_000);
    assertThat(heardFor(heard, BucketKey.provisional(route)).delay())
        .as("whoever waits for the probe has to ask again")
        .isZero();
  }

  @Test
  default void releasedLeaseOfAForgottenToken_isNoFailure() throws InterruptedException {
    TokenId token = token();
    Route route = route("GET", "/channels/1/alpha");
    var never = new Lease(Long.MAX_VALUE, token, route, BucketKey.provisional(route));
    store().release(never, new Outcome.NotSent());
    store().renew(List.of(never));
    assertThat(claim(token, route, 9).leases()).hasSize(1);
  }

  @Test
  default void instances_shareOneBudget() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    assertThat(claim(token, route, 3).leases()).hasSize(3);
    Grant other = another().claim(token, List.of(new Claim(route, 9))).getFirst();
    assertThat(other.leases()).hasSize(2);
    assertThat(other.hold().map(Hold::reach)).contains(Reach.BUCKET);
  }

  @Test
  default void waitingInstance_hearsWhatAnotherGivesBack() throws InterruptedException {
    TokenId token = token();
    var heard = listen();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 1, 2_000);
    Lease lease =
        another().claim(token, List.of(new Claim(route, 1))).getFirst().leases().getFirst();
    assertThat(claim(token, route, 1).leases()).isEmpty();
    another().release(lease, new Outcome.NotSent());
    assertThat(heardFor(heard, bucket("a", "channels/1")).delay()).isZero();
    assertThat(claim(token, route, 1).leases()).hasSize(1);
  }

  @Test
  default void instanceWithTheOlderRequest_comesFirst() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 1, 400);
    answer(one(token, route), "a", 1, 0, 400);
    claim(another(), token, aged(route, 5, Priority.NORMAL, 300));
    claim(store(), token, aged(route, 5, Priority.NORMAL, 10));
    pass(Duration.ofMillis(450));
    Grant younger = claim(store(), token, aged(route, 5, Priority.NORMAL, 460));
    assertThat(younger.leases()).as("left for the other").isEmpty();
    assertThat(younger.hold().orElseThrow().delay()).isLessThan(Duration.ofMillis(400));
    assertThat(claim(another(), token, aged(route, 5, Priority.NORMAL, 750)).leases()).hasSize(1);
  }

  @Test
  default void instanceWithTheMoreUrgentRequest_comesFirst() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 1, 400);
    answer(one(token, route), "a", 1, 0, 400);
    claim(another(), token, aged(route, 5, Priority.HIGH, 10));
    claim(store(), token, aged(route, 5, Priority.NORMAL, 300));
    pass(Duration.ofMillis(450));
    assertThat(claim(store(), token, aged(route, 5, Priority.NORMAL, 750)).leases()).isEmpty();
    assertThat(claim(another(), token, aged(route, 5, Priority.HIGH, 460)).leases()).hasSize(1);
  }

  @Test
  default void instanceThatDoesNotCome_isNotWaitedFor() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 1, 400);
    answer(one(token, route), "a", 1, 0, 400);
    claim(another(), token, aged(route, 5, Priority.NORMAL, 300));
    pass(Duration.ofMillis(900));
    assertThat(claim(token, route, 1).leases()).hasSize(1);
  }

  @Test
  default void waitingInstances_shareTheGlobalLimit() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    assertThat(leases(claimMany(token, 0, 12))).hasSize(50);
    assertThat(leases(claimMany(another(), token, 100, 10, Duration.ofMillis(500)))).isEmpty();
    pass(Duration.ofMillis(1_100));
    List<Lease> first = leases(claimMany(token, 20, 12));
    assertThat(first).as("its share is left for the one that waits").hasSize(25);
    assertThat(leases(claimMany(another(), token, 100, 10, Duration.ofMillis(1_600)))).hasSize(25);
  }

  @Test
  default void learntGlobalLimit_isUsed() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    store().learnGlobalLimit(token, 60);
    assertThat(leases(claimMany(token, 0, 13))).hasSize(60);
    assertThat(leases(claimMany(another(), token, 20, 13, Duration.ZERO))).isEmpty();
  }

  @Test
  default void learntGlobalLimit_isForgottenWhenDiscordSaysSo() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    store().learnGlobalLimit(token, 60);
    store().learnGlobalLimit(token, 0);
    assertThat(leases(claimMany(token, 0, 13))).hasSize(50);
  }

  @Test
  default void learntGlobalLimit_isNeverLessThanTheConfigured() throws InterruptedException {
    TokenId token = token();
    known(token, "GET", "/channels/1/alpha", "a", 5, 1_000);
    store().learnGlobalLimit(token, 10);
    assertThat(leases(claimMany(token, 0, 12))).hasSize(50);
  }

  @Test
  default void refusedCredentials_areConfirmedByAProbe_thenNothingGoesOut()
      throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    unauthorized(one(token, route));
    Lease probe = one(token, route);
    Grant beside = claim(token, route, 2);
    assertThat(beside.leases()).isEmpty();
    assertThat(beside.hold().orElseThrow().delay()).isLessThan(Duration.ofSeconds(1));
    unauthorized(probe);
    Hold own = claim(token, route, 1).hold().orElseThrow();
    assertThat(own.reach()).isEqualTo(Reach.CREDENTIALS);
    Hold others =
        another().claim(token, List.of(new Claim(route, 1))).getFirst().hold().orElseThrow();
    assertThat(others.reach()).isEqualTo(Reach.CREDENTIALS);
    assertThat(others.delay()).isCloseTo(Duration.ofSeconds(60), SLACK);
    assertThat(claim(token(), route, 1).leases()).as("another caller").hasSize(1);
  }

  @Test
  default void refusedCredentials_thatTheProbeRefutes_areForgotten() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    unauthorized(one(token, route));
    answer(one(token, route), "a", 5, 4, 2_000);
    assertThat(claim(token, route, 3).leases()).hasSize(3);
  }

  @Test
  default void restamp_tellsWhetherTheLeaseIsStillHeld() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 5, 2_000);
    Lease lease = one(token, route);
    assertThat(store().restamp(lease)).isTrue();
    pass(store().leaseTime().plusMillis(200));
    assertThat(store().restamp(lease)).isFalse();
  }

  @Test
  default void peek_tellsWhatIsKnown_andChangesNothing() throws InterruptedException {
    TokenId token = token();
    Route route = known(token, "GET", "/channels/1/alpha", "a", 3, 1_000);
    Route unknown = route("GET", "/channels/1/beta");
    answer(one(token, route), "a", 3, 2, 1_000);
    one(token, route);
    for (int i = 0; i < 2; i++) {
      List<BucketStatus> found = store().peek(token, List.of(route, unknown));
      assertThat(found).hasSize(2);
      BucketStatus status = found.getFirst();
      assertThat(status.bucket()).isEqualTo(bucket("a", "channels/1"));
      assertThat(status.limit()).isEqualTo(3);
      assertThat(status.level()).isEqualTo(1);
      assertThat(status.inFlight()).isEqualTo(1);
      assertThat(status.nextGrant()).contains(Duration.ZERO);
      assertThat(found.get(1).bucket()).isEqualTo(BucketKey.provisional(unknown));
      assertThat(found.get(1).limit()).isEqualTo(1);
    }
    assertThat(claim(token, route, 9).leases()).hasSize(1);
  }

  /** What a listener was told. */
  record Heard(TokenId token, BucketKey bucket, Duration delay) {}

  private ConcurrentLinkedQueue<Heard> listen() {
    var heard = new ConcurrentLinkedQueue<Heard>();
    store().listen((token, bucket, delay) -> heard.add(new Heard(token, bucket, delay)));
    return heard;
  }

  private Heard heardFor(ConcurrentLinkedQueue<Heard> heard, BucketKey bucket)
      throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      for (Heard one : heard) {
        if (one.bucket().equals(bucket)) {
          return one;
        }
      }
      // A store may tell over the network.
      pass(Duration.ofMillis(1));
    }
    throw new AssertionError("nothing heard of " + bucket + ", only " + heard);
  }

  private static TokenId token() {
    return new TokenId(UUID.randomUUID().toString());
  }

  private static String interactionWebhook() {
    // "interaction:175928847299117063:abc"
    return "/webhooks/1/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw";
  }

  private static BucketKey bucket(String hash, String major) {
    return BucketKey.of(new BucketHash(hash), new MajorParameter(major));
  }

  private Grant claim(TokenId token, Route route, int count) throws InterruptedException {
    return store().claim(token, List.of(new Claim(route, count))).getFirst();
  }

  /** Claims 5 requests each to so many channels. */
  private List<Grant> claimMany(TokenId token, int firstChannel, int channels)
      throws InterruptedException {
    return claimMany(store(), token, firstChannel, channels, Duration.ZERO);
  }

  private static List<Grant> claimMany(
      RateLimitStore store, TokenId token, int firstChannel, int channels, Duration age)
      throws InterruptedException {
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < channels; i++) {
      Route route = route("GET", "/channels/" + (100 + firstChannel + i) + "/alpha");
      claims.add(new Claim(route, 5, Priority.NORMAL, age));
    }
    return store.claim(token, claims);
  }

  private static Grant claim(RateLimitStore store, TokenId token, Claim claim)
      throws InterruptedException {
    return store.claim(token, List.of(claim)).getFirst();
  }

  private static Claim aged(Route route, int count, Priority priority, long ageMillis) {
    return new Claim(route, count, priority, Duration.ofMillis(ageMillis));
  }

  private void unauthorized(Lease lease) throws InterruptedException {
    store().release(lease, new Outcome.Answered(401, Optional.empty(), Optional.empty(), true));
  }

  private static List<Lease> leases(List<Grant> grants) {
    return grants.stream().flatMap(grant -> grant.leases().stream()).toList();
  }

  private Lease one(TokenId token, Route route) throws InterruptedException {
    Grant grant = claim(token, route, 1);
    assertThat(grant.leases()).as("granted, not %s", grant.hold()).hasSize(1);
    return grant.leases().getFirst();
  }

  private BucketKey peek(TokenId token, Route route) throws InterruptedException {
    Grant grant = claim(token, route, 1);
    giveBack(grant.leases());
    return grant.bucket();
  }

  /** A route whose limit is known and of which nothing is used. */
  private Route known(
      TokenId token, String method, String path, String hash, int limit, long windowMillis)
      throws InterruptedException {
    Route route = route(method, path);
    answer(one(token, route), hash, limit, limit - 1, windowMillis);
    pass(WINDOW_AND_MORE);
    return route;
  }

  private void giveBack(List<Lease> leases) throws InterruptedException {
    for (Lease lease : leases) {
      store().release(lease, new Outcome.NotSent());
    }
  }

  private void answerPlain(Lease lease, int code) throws InterruptedException {
    store().release(lease, new Outcome.Answered(code, Optional.empty(), Optional.empty()));
  }

  private void answer(Lease lease, String hash, int limit, int remaining, long resetAfter)
      throws InterruptedException {
    store()
        .release(
            lease,
            new Outcome.Answered(
                200, Optional.of(some(hash, limit, remaining, resetAfter)), Optional.empty()));
  }

  private void answer429(
      Lease lease, Scope scope, Duration retryAfter, Optional<RateLimitHeaders> headers)
      throws InterruptedException {
    store()
        .release(
            lease,
            new Outcome.Answered(
                429, headers, Optional.of(new TooManyRequests(scope, retryAfter))));
  }

  private RateLimitHeaders full(String hash, int limit, long resetAfter) {
    return some(hash, limit, 0, resetAfter);
  }

  private RateLimitHeaders some(String hash, int limit, int remaining, long resetAfter) {
    return new RateLimitHeaders(
        new BucketHash(hash),
        limit,
        remaining,
        1_700_000_000_000L + millis() + resetAfter,
        resetAfter);
  }
}
