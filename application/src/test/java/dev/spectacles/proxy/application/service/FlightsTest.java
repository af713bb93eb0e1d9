package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.application.service.Flights.Landing;
import dev.spectacles.proxy.application.service.Flights.Part;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlightsTest {
  private static final CacheKey ANSWER = new CacheKey("anon", "hash");
  private static final Flights.Key KEY = key("1", Priority.NORMAL);
  private static final ProxyRequest REQUEST = Requests.request("GET", "/guilds/1/roles");
  private static final Landing SHARED =
      new Landing.Shared(ScriptedDiscord.answer(200, Map.of(), "[]"));

  private final ManualClock clock = new ManualClock();
  private final Flights flights = new Flights(clock);

  @Test
  void flight_isFollowedUntilItLands() throws Exception {
    Flights.Flight first = lead(KEY);
    Flights.Flight followed = ((Part.Follower) join(KEY)).flight();
    first.land(SHARED);
    assertThat(followed.await(Deadline.none())).isEqualTo(SHARED);
    assertThat(join(KEY)).isInstanceOf(Part.Leader.class);
  }

  @Test
  void flights_ofOtherGenerationsPrioritiesOrPatience_areOthers() {
    lead(KEY);
    lead(key("2", Priority.NORMAL));
    lead(key("1", Priority.HIGH));
    lead(new Flights.Key(KEY.key(), KEY.generations(), KEY.priority(), true));
  }

  @Test
  void sameGenerations_atAnotherTimeAfterTheirBump_areTheSame() {
    lead(bumped(Duration.ofSeconds(1)));
    assertThat(join(bumped(Duration.ofSeconds(2)))).isInstanceOf(Part.Follower.class);
  }

  @Test
  void tooManyFollowers_goByThemselves() {
    lead(KEY);
    for (int i = 0; i < Flights.MOST_FOLLOWERS; i++) {
      assertThat(join(KEY)).isInstanceOf(Part.Follower.class);
    }
    assertThat(join(KEY)).isInstanceOf(Part.Alone.class);
  }

  @Test
  void leaderByForce_doesNotDisturbWhoIsOnItsWay() throws Exception {
    Flights.Flight first = lead(KEY);
    Flights.Flight followed = ((Part.Follower) join(KEY)).flight();
    Part.Leader second = flights.lead(KEY, REQUEST);
    Flights.Flight later = ((Part.Follower) join(KEY)).flight();
    first.land(SHARED);
    assertThat(followed.await(Deadline.none())).isEqualTo(SHARED);
    assertThat(join(KEY)).as("the second is still on its way").isInstanceOf(Part.Follower.class);
    second.flight().land(new Landing.Nothing());
    assertThat(later.await(Deadline.none())).isEqualTo(new Landing.Nothing());
  }

  @Test
  void leader_whoLookedBeforeAnotherOneLanded_hasToLookAgain() {
    int seen = flights.landings(ANSWER);
    lead(KEY).land(SHARED);
    assertThat(flights.join(KEY, REQUEST, seen)).isInstanceOf(Part.Late.class);
    assertThat(join(KEY)).as("nobody leads now").isInstanceOf(Part.Leader.class);
  }

  @Test
  void landing_withNothing_isNoReasonToLookAgain() {
    int seen = flights.landings(ANSWER);
    lead(KEY).land(new Landing.Nothing());
    assertThat(flights.join(KEY, REQUEST, seen)).isInstanceOf(Part.Leader.class);
  }

  @Test
  void landing_isCountedBeforeAnybodySeesIt() throws Exception {
    var reading = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var held = new Flights(new HeldClock(clock, reading, goOn));
    Flights.Flight flight = ((Part.Leader) held.join(KEY, REQUEST, 0)).flight();
    // It has the lock of the flight while it reads the clock.
    Running<Landing> follower = Running.start(() -> flight.await(Deadline.none()));
    assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
    Running<Boolean> leader =
        Running.start(
            () -> {
              flight.land(SHARED);
              return true;
            });
    Running.awaitUntil(() -> held.landings(ANSWER) == 1);
    assertThat(leader.isDone()).isFalse();
    goOn.countDown();
    assertThat(leader.get()).isTrue();
    assertThat(follower.get()).isEqualTo(SHARED);
  }

  @Test
  void follower_waitsNoLongerThanItsDeadline() throws Exception {
    lead(KEY);
    Flights.Flight followed = ((Part.Follower) join(KEY)).flight();
    Deadline soon = Deadline.after(Duration.ofMillis(5), clock.nanoTime());
    assertThat(followed.await(soon)).isEqualTo(new Landing.NotInTime());
  }

  private Flights.Flight lead(Flights.Key key) {
    return ((Part.Leader) join(key)).flight();
  }

  private Part join(Flights.Key key) {
    return flights.join(key, REQUEST, flights.landings(key.key()));
  }

  private static Flights.Key key(String generation, Priority priority) {
    var generations = List.of(new Generation(generation, Optional.empty()));
    return Flights.Key.of(ANSWER, generations, priority, false);
  }

  private static Flights.Key bumped(Duration since) {
    var generations = List.of(new Generation("1", Optional.of(since)));
    return Flights.Key.of(ANSWER, generations, Priority.NORMAL, false);
  }

  /** Clock that is read only once the test lets it. */
  private record HeldClock(Clock clock, CountDownLatch reading, CountDownLatch goOn)
      implements Clock {
    @Override
    public Instant wallTime() {
      return clock.wallTime();
    }

    @Override
    public long nanoTime() {
      reading.countDown();
      try {
        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      clock.sleep(duration);
    }
  }
}
