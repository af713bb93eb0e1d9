package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.e2e.Traffic.Span;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What may happen to four instances and their Redis while all limits are used up: nothing of it
 * costs a 429, but for what is said of lost data and of pauses (I2, I4, I21).
 */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetDrillsIT {
  private static final int INSTANCES = 4;
  private static final Duration SHORT = Duration.ofSeconds(6);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration EVENT_AT = Duration.ofSeconds(2);
  private static final double LONG_EVENT_AT = 0.4;
  private static final String EVENT = "event";
  private static final String OVER = "over";

  /** What a bucket may take to grant again, beside its window. */
  private static final Duration RECOVERY = Duration.ofSeconds(3);

  /** Longest round trip to the simulator, and what two busy processors add. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(300);

  private RedisPair redis;
  private FleetStage stage;

  /** Something that happens once. */
  private interface Event {
    void happen(Crowd crowd) throws Exception;
  }

  @BeforeAll
  void start() throws InterruptedException {
    redis = new RedisPair();
    stage = new FleetStage(redis.urlForFleet(), redis.urlForWorker(), Map.of());
    stage.instances(INSTANCES);
  }

  @AfterAll
  void stop() {
    stage.close();
    redis.close();
  }

  @Test
  void killedInstance_costsNoLimit() throws Exception {
    kill(Duration.ofSeconds(10), new Bounds(0.2, 0.5, 0.4, 0.6));
  }

  @Tag("slow")
  @Test
  void killedInstance_costsNoLimit_fiveMinutes() throws Exception {
    kill(LONG, Bounds.ofIssue(INSTANCES));
  }

  @Test
  void pausedInstance_sendsNothingTooMuch() throws Exception {
    pauses(Duration.ofSeconds(6), Duration.ofMillis(200));
  }

  @Tag("slow")
  @Test
  void pausedInstance_sendsNothingTooMuch_fiveMinutes() throws Exception {
    pauses(LONG, Duration.ofMillis(200), Duration.ofSeconds(4));
  }

  @Test
  void redisRestartedWithData_forgetsNothing() throws Exception {
    restartWithData(SHORT);
  }

  @Tag("slow")
  @Test
  void redisRestartedWithData_forgetsNothing_fiveMinutes() throws Exception {
    restartWithData(LONG);
  }

  @Test
  void redisRestartedWithoutData_isLearntAgain() throws Exception {
    restartWithoutData(SHORT);
  }

  @Tag("slow")
  @Test
  void redisRestartedWithoutData_isLearntAgain_fiveMinutes() throws Exception {
    restartWithoutData(LONG);
  }

  @Test
  void failoverToReplica_losesLittle() throws Exception {
    failover(SHORT);
  }

  @Tag("slow")
  @Test
  void failoverToReplica_losesLittle_fiveMinutes() throws Exception {
    failover(LONG);
  }

  @Tag("slow")
  @Test
  void redisAwayForThreeSeconds_isFollowedByNoBurst() throws Exception {
    away(Duration.ofSeconds(12));
  }

  @Tag("slow")
  @Test
  void redisAwayForThreeSeconds_isFollowedByNoBurst_fiveMinutes() throws Exception {
    away(LONG);
  }

  @ParameterizedTest
  @CsvSource({"20, 0.6", "200, 0.2"})
  void redisFarAway_costsNo429(int roundTripMillis, double leastUsed) throws Exception {
    delayed(SHORT, Duration.ofMillis(roundTripMillis), leastUsed);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"20, 0.6", "200, 0.2"})
  void redisFarAway_costsNo429_fiveMinutes(int roundTripMillis, double leastUsed) throws Exception {
    delayed(LONG, Duration.ofMillis(roundTripMillis), leastUsed);
  }

  private void kill(Duration length, Bounds afterwards) throws Exception {
    drill(
        "one of four killed, " + length,
        MixedLimits.ALL,
        length,
        crowd -> stage.fleet().killOne(),
        traffic -> {
          assertThat(traffic.report().limited()).as("429s").isZero();
          Span rest = traffic.since(EVENT);
          for (Saturated bucket : MixedLimits.ALL) {
            assertThat(traffic.longestSilence(bucket, rest))
                .as("%s: without a grant", bucket.rate())
                .isLessThanOrEqualTo(bucket.rate().window().plus(RECOVERY).plus(ROUND_TRIP));
          }
          Bounds.print("  since then", traffic, rest, MixedLimits.ALL);
          afterwards.check(traffic, rest, MixedLimits.ALL);
          assertAllAnswered(traffic);
        });
  }

  private void pauses(Duration length, Duration... pauses) throws Exception {
    drill(
        "pauses of %s, %s".formatted(List.of(pauses), length),
        MixedLimits.QUICK,
        length,
        crowd -> {
          for (int i = 0; i < pauses.length; i++) {
            pause(i, pauses[i]);
          }
        },
        traffic -> {
          assertThat(traffic.report().limitedUser()).as("429s of buckets").isZero();
          assertThat(traffic.report().limitedGlobal())
              .as("global 429s")
              .isLessThanOrEqualTo((long) pauses.length * MixedLimits.USUAL_GLOBAL);
          assertThat(traffic.limitedSince(OVER, Duration.ofSeconds(2)))
              .as("429s of a second burst")
              .isZero();
          assertAllAnswered(traffic);
        });
  }

  private void restartWithData(Duration length) throws Exception {
    drill(
        "Redis restarted with data, " + length,
        MixedLimits.QUICK,
        length,
        crowd -> redis.restartWithData(),
        traffic -> {
          assertThat(traffic.report().limited()).as("429s").isZero();
          assertGrantsAgain(traffic);
          assertAllAnswered(traffic);
        });
  }

  private void restartWithoutData(Duration length) throws Exception {
    drill(
        "Redis restarted without data, " + length,
        MixedLimits.QUICK,
        length,
        crowd -> {
          redis.restartWithoutData();
          crowd.abandon();
        },
        traffic -> {
          for (Saturated bucket : MixedLimits.QUICK) {
            assertThat(traffic.limited(bucket, traffic.whole()))
                .as("%s: 429s once", bucket.rate())
                .isLessThanOrEqualTo(2L * bucket.rate().limit());
          }
          assertThat(traffic.limitedSince(OVER, Duration.ofSeconds(3))).as("429s later").isZero();
          assertGrantsAgain(traffic);
        });
  }

  private void failover(Duration length) throws Exception {
    var replica = redis.startReplica();
    drill(
        "failover to a replica, " + length,
        MixedLimits.QUICK,
        length,
        crowd -> redis.failOverTo(replica),
        traffic -> {
          for (Saturated bucket : MixedLimits.QUICK) {
            assertThat(traffic.limited(bucket, traffic.whole()))
                .as("%s: 429s once", bucket.rate())
                .isLessThanOrEqualTo(bucket.rate().limit());
          }
          assertThat(traffic.limitedSince(OVER, Duration.ofSeconds(3))).as("429s later").isZero();
          assertGrantsAgain(traffic);
        });
  }

  private void away(Duration length) throws Exception {
    drill(
        "Redis away for 3 s, " + length,
        MixedLimits.QUICK,
        length,
        crowd -> {
          redis.cutFromFleet();
          Until.passes(Duration.ofSeconds(3));
          redis.restoreForFleet();
        },
        traffic -> {
          assertThat(traffic.report().limitedGlobal()).as("global 429s").isZero();
          for (Saturated bucket : MixedLimits.QUICK) {
            // Without a common clock, instances that take turns at a small limit may meet once.
            int most = bucket.rate().limit() < INSTANCES ? INSTANCES : 0;
            assertThat(traffic.limited(bucket, traffic.whole()))
                .as("%s: 429s of the outage", bucket.rate())
                .isLessThanOrEqualTo(most);
          }
          assertGrantsAgain(traffic);
          assertAllAnswered(traffic);
        });
  }

  private void delayed(Duration length, Duration roundTrip, double leastUsed) throws Exception {
    redis.delayForFleet(roundTrip.dividedBy(2));
    try {
      drill(
          "%d ms to Redis, %s".formatted(roundTrip.toMillis(), length),
          MixedLimits.QUICK,
          length,
          crowd -> {},
          traffic -> {
            assertThat(traffic.report().limited()).as("429s").isZero();
            Bounds.ofFarRedis(leastUsed).check(traffic, traffic.whole(), MixedLimits.QUICK);
            assertAllAnswered(traffic);
          });
    } finally {
      redis.delayForFleet(Duration.ZERO);
    }
  }

  /** Lets this happen after two seconds, or two fifths of a long run; prints what was seen. */
  private void drill(
      String name, List<Saturated> buckets, Duration length, Event event, Consumer<Traffic> checks)
      throws Exception {
    try (var keys = new KeyWatch(redis::port)) {
      stage.measured(
          name,
          buckets,
          RateModel.LOG,
          crowd -> {
            long start = System.nanoTime();
            Until.passes(
                length.equals(LONG)
                    ? Duration.ofMillis((long) (LONG_EVENT_AT * length.toMillis()))
                    : EVENT_AT);
            stage.mark(EVENT);
            event.happen(crowd);
            stage.mark(OVER);
            Until.passes(length.minusNanos(System.nanoTime() - start));
          },
          traffic -> {
            Bounds.print(name, traffic, traffic.whole(), buckets);
            System.out.printf(
                "  event %.1f s; answers %s, unanswered %d, given up %d; keys %d%n",
                (traffic.at(OVER) - traffic.at(EVENT)) / 1e6,
                traffic.answers().outcomes(),
                traffic.answers().unanswered(),
                traffic.answers().abandoned(),
                keys.mostKeys());
            checks.accept(traffic);
            assertThat(traffic.report().count(Decision.BANNED)).isZero();
            assertThat(keys.immortal()).as("keys without expiry").isEmpty();
          });
    }
  }

  private void pause(int index, Duration length) throws InterruptedException {
    ProxyProcess instance = stage.fleet().instance(index);
    instance.pause();
    try {
      Until.passes(length);
    } finally {
      instance.resume();
    }
  }

  private static void assertGrantsAgain(Traffic traffic) {
    for (Saturated bucket : MixedLimits.QUICK) {
      Duration silence = traffic.longestSilence(bucket, traffic.since(OVER));
      assertThat(silence)
          .as("%s: without a grant", bucket.rate())
          .isLessThanOrEqualTo(bucket.rate().window().plus(RECOVERY).plus(ROUND_TRIP));
    }
  }

  private static void assertAllAnswered(Traffic traffic) {
    assertThat(traffic.answers().unanswered()).as("without an answer").isZero();
    assertThat(traffic.answers().outcomes()).containsOnlyKeys("200");
  }
}
