package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that fail or hang: that costs a request a bounded time, and no answer its truth. */
@Timeout(60)
class CacheFailuresTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** For a machine that has other things to do. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final ScriptedResponseStore.Step FINE = () -> {};
  private static final ScriptedResponseStore.Step AWAY =
      () -> {
        throw new StoreException("the store is away");
      };
  private static final ScriptedResponseStore.Step DEFECT =
      () -> {
        throw new IllegalStateException("a defect");
      };
  private static final ScriptedResponseStore.Step HANGS =
      () -> assertThat(new CountDownLatch(1).await(30, TimeUnit.SECONDS)).isTrue();

  private final ManualClock clock = new ManualClock();
  private final GatedClock gated = new GatedClock(clock);
  private final ScriptedTags tags = new ScriptedTags(clock);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final CachedProxy proxy =
      new CachedProxy(
          gated,
          store,
          tags,
          CachedProxy.settings(StaleLimits.DEFAULT, PATIENCE),
          ProxyEvents.NOOP,
          discord);

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void answerThatTheStoreHasNoRoomFor_isNotSaidToBeStored() throws Exception {
    store.roomy = false;
    assertThat(status(proxy.get(ROLES))).isEqualTo("spectacles; fwd=uri-miss; detail=rest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is away", "has a defect"})
  void failingStore_costsABoundedTime_andIsLeftAloneForASecond(String what) throws Exception {
    proxy.get(ROLES);
    store.before(failure(what));
    store.calls.set(0);
    assertOrigin(bounded(PATIENCE.plus(SLACK)));
    assertThat(store.calls).hasValue(1);
    for (int i = 0; i < 50; i++) {
      assertOrigin(bounded(SLACK));
    }
    assertThat(store.calls).as("left alone").hasValue(1);
    clock.advance(Duration.ofMillis(999));
    assertOrigin(proxy.get(ROLES));
    assertThat(store.calls).hasValue(1);
    clock.advance(Duration.ofMillis(1));
    assertOrigin(proxy.get(ROLES));
    assertOrigin(proxy.get(ROLES));
    assertThat(store.calls).as("one probe").hasValue(2);
    store.before(FINE);
    clock.advance(Duration.ofSeconds(1));
    assertThat(status(proxy.get(ROLES))).as("it is still fresh").contains("hit; ttl=3");
  }

  @Test
  void oneProbe_isMadeByManyRequests() throws Exception {
    store.before(AWAY);
    proxy.get(ROLES);
    store.before(HANGS);
    clock.advance(Duration.ofSeconds(1));
    store.calls.set(0);
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < 100; i++) {
      running.add(proxy.getting(ROLES));
    }
    for (Running<ProxyResponse.Http> each : running) {
      assertOrigin(each.get());
    }
    assertThat(store.calls).hasValue(1);
  }

  @Test
  void callThatWasUnderWay_doesNotTellThatAllIsWell() throws Exception {
    proxy.get(ROLES);
    var looking = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var first = new AtomicInteger();
    store.beforeGet =
        () -> {
          if (first.getAndIncrement() == 0) {
            looking.countDown();
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          } else {
            AWAY.happen();
          }
        };
    Running<ProxyResponse.Http> slow = proxy.getting(ROLES);
    assertThat(looking.await(20, TimeUnit.SECONDS)).isTrue();
    assertOrigin(proxy.get(ROLES));
    goOn.countDown();
    slow.get();
    store.calls.set(0);
    assertOrigin(proxy.get(ROLES));
    assertThat(store.calls).as("left alone still").hasValue(0);
  }

  @Test
  void answer_thatCannotBePut_isGivenOut() throws Exception {
    store.beforePut = HANGS;
    assertThat(status(proxy.get(ROLES))).isEqualTo("spectacles; fwd=uri-miss; detail=rest");
    store.beforePut = FINE;
  }

  @Test
  void garbage_isNoAnswer() throws Exception {
    store.garbage = Optional.of(new byte[] {1, 2, 3});
    assertThat(status(proxy.get(ROLES))).contains("fwd=uri-miss");
    store.garbage = Optional.empty();
    assertThat(status(proxy.get(ROLES))).contains("hit");
  }

  @Test
  void failure_isToldOnce() throws Exception {
    try (var log = new CapturedLog(CarefulCalls.class)) {
      store.before(AWAY);
      for (int i = 0; i < 5; i++) {
        proxy.get(ROLES);
        clock.advance(Duration.ofSeconds(1));
      }
      store.before(FINE);
      proxy.get(ROLES);
      assertThat(log.text().lines())
          .filteredOn(line -> !line.startsWith("DEBUG"))
          .containsExactly(
              "WARN the cache of REST answers failed, and is left alone for now:"
                  + " the store is away",
              "INFO the cache of REST answers works again");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is away", "has a defect"})
  void withoutGenerations_requestsGoOn_andNothingIsStored(String what) throws Exception {
    tags.beforeRead = failure(what);
    assertOrigin(proxy.get(ROLES));
    assertOrigin(proxy.get(ROLES));
    assertThat(proxy.get(ROLES, "cache-control", "only-if-cached").code()).isEqualTo(504);
    assertThat(store.keys).isEmpty();
    tags.beforeRead = FINE;
    clock.advance(Duration.ofSeconds(1));
    assertThat(status(proxy.get(ROLES))).contains("stored");
  }

  @Test
  void forgottenGeneration_isAMiss() throws Exception {
    proxy.get(ROLES);
    tags.forget("g:1:roles");
    assertThat(status(proxy.get(ROLES))).contains("fwd=uri-miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is away", "has a defect"})
  void bump_thatFails_isRepeatedUntilItIsTold(String what) throws Exception {
    proxy.get(ROLES);
    tags.beforeBump = failure(what);
    long start = System.nanoTime();
    var answer = (ProxyResponse.Http) proxy.ask("PATCH", ROLES + "/2");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Duration.ofSeconds(1).plus(SLACK));
    assertOrigin(proxy.get(ROLES));
    gated.wake(3);
    assertOrigin(proxy.get(ROLES));
    tags.beforeBump = FINE;
    gated.wake(1);
    assertThat(Running.next(tags.bumped)).contains("g:1:roles");
    Running.awaitUntil(() -> stores(ROLES));
  }

  @Test
  void answersThatAWriteDoesNotConcern_areUsedMeanwhile() throws Exception {
    String other = "/guilds/2/roles";
    proxy.get(other);
    tags.beforeBump = AWAY;
    proxy.ask("PATCH", ROLES + "/2");
    assertThat(status(proxy.get(other))).contains("hit");
  }

  @Test
  void bump_thatIsWantedAgainWhileItIsRepeated_isRepeatedAgain() throws Exception {
    var bumps = new TagBumps(tags, gated);
    try (bumps) {
      tags.beforeBump = AWAY;
      assertThat(bumps.bump(Set.of("one"))).isFalse();
      var telling = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      tags.beforeBump =
          () -> {
            telling.countDown();
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          };
      gated.wake(1);
      assertThat(telling.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(bumps.bump(Set.of("one", "two"))).isFalse();
      goOn.countDown();
      assertThat(Running.next(tags.bumped)).containsExactly("one");
      tags.beforeBump = FINE;
      gated.wake(1);
      assertThat(Running.next(tags.bumped)).containsExactlyInAnyOrder("one", "two");
      Running.awaitUntil(() -> !bumps.anyPending(Set.of("one", "two")));
      assertThat(bumps.bump(Set.of("three"))).isTrue();
    }
  }

  @Test
  void tooManyBumps_areOneOfEverything() throws Exception {
    var bumps = new TagBumps(tags, gated);
    try (bumps) {
      tags.beforeBump = AWAY;
      var names = new ArrayList<String>();
      for (int i = 0; i < 10_000; i++) {
        names.add("tag " + i);
      }
      bumps.bump(names);
      assertThat(bumps.anyPending(Set.of("all"))).isFalse();
      bumps.bump(Set.of("one more"));
      assertThat(bumps.anyPending(Set.of("all"))).isTrue();
      tags.beforeBump = FINE;
      gated.wake(1);
      assertThat(Running.next(tags.bumped)).containsExactly("all");
    }
  }

  @Test
  void bump_thatIsStillToBeTold_isToldWhenItEnds() throws Exception {
    try (var log = new CapturedLog(TagBumps.class)) {
      var bumps = new TagBumps(tags, gated);
      tags.beforeBump = AWAY;
      bumps.bump(Set.of("one"));
      bumps.bump(Set.of("two"));
      tags.beforeBump = FINE;
      bumps.close();
      assertThat(Running.next(tags.bumped)).containsExactlyInAnyOrder("one", "two");
      assertThat(bumps.anyPending(Set.of("one", "two"))).isFalse();
      assertThat(log.text()).doesNotContain("for good");
    }
  }

  @Test
  void bump_thatCannotBeToldWhenItEnds_isNotLostSilently() throws Exception {
    try (var log = new CapturedLog(TagBumps.class)) {
      var bumps = new TagBumps(tags, gated);
      tags.beforeBump = AWAY;
      bumps.bump(Set.of("one", "two"));
      bumps.close();
      bumps.close();
      assertThat(log.text().lines())
          .filteredOn(line -> line.contains("until their time is over"))
          .containsExactly(
              "WARN stored answers that writes made invalid may be given out by other instances"
                  + " until their time is over, as the store that all share did not answer: 2"
                  + " tags");
    }
  }

  @Test
  void closedCache_letsRequestsPass() throws Exception {
    proxy.get(ROLES);
    proxy.close();
    assertOrigin(proxy.get(ROLES));
    assertThat(((ProxyResponse.Http) proxy.ask("PATCH", ROLES + "/2")).code()).isEqualTo(200);
  }

  private static ScriptedResponseStore.Step failure(String what) {
    return Map.of("hangs", HANGS, "is away", AWAY, "has a defect", DEFECT).get(what);
  }

  private ProxyResponse.Http bounded(Duration time) throws InterruptedException {
    long start = System.nanoTime();
    ProxyResponse.Http answer = proxy.get(ROLES);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(time);
    return answer;
  }

  private boolean stores(String path) {
    // The bump of when it was sent may be later than all others.
    clock.advance(Duration.ofSeconds(1));
    try {
      return status(proxy.get(path)).contains("stored");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertOrigin(ProxyResponse.Http answer) {
    assertThat(answer.code()).isEqualTo(200);
    assertThat(status(answer)).isEqualTo("spectacles; fwd=bypass; detail=rest");
  }
}
