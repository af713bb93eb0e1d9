package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.local.LimiterSimulation.Chaos;
import dev.spectacles.proxy.adapter.local.LimiterSimulation.Kind;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.HiddenLimit;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.RouteBucket;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Discord changes without notice costs few 429s, and nothing beside what it changed. */
class LimiterChaosTest {
  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String ALPHA = "GET /channels/{channel_id}/alpha";
  private static final String BRAVO = "GET /channels/{channel_id}/bravo";
  private static final String DELETE = "DELETE /channels/{channel_id}/messages/{message_id}";

  @ParameterizedTest(name = "{0} seed {1}")
  @CsvSource({"FIXED, 1", "FIXED, 2", "FIXED, 3", "SLIDING, 4", "SLIDING, 5", "SLIDING, 6"})
  void limitThatShrinksAndGrows_costsNoMoreThanWasInFlight(RateModel model, long seed) {
    Scenario scenario =
        scenario(seed)
            .route(ALPHA, "alpha", new Rate(10, SECOND, model))
            .route(BRAVO, "bravo", new Rate(10, SECOND, model))
            .at(Duration.ofSeconds(30), new Change.SetLimit("alpha", 4))
            .at(Duration.ofSeconds(70), new Change.SetLimit("alpha", 20))
            .build();
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(10));
    simulation.saturate("GET", "/channels/1/alpha", 40);
    simulation.trickle("GET", "/channels/1/bravo", 2, LENGTH);
    Report report = simulation.run(LENGTH);
    // 30 s of 10, 40 s of 4, 50 s of 20, less two seconds to notice.
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.93 * 1_460));
    assertThat(simulation.longestWait("/channels/1/bravo"))
        .as("%s: the other route", simulation.describe())
        .isLessThan(Duration.ofMillis(1_300));
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @CsvSource({"FIXED, 1", "FIXED, 2", "FIXED, 3", "SLIDING, 4", "SLIDING, 5", "SLIDING, 6"})
  void windowThatChanges_costsNoMoreThanTwoWindowsFull(RateModel model, long seed) {
    Scenario scenario =
        scenario(seed)
            .route(ALPHA, "alpha", new Rate(6, SECOND, model))
            .at(Duration.ofSeconds(30), new Change.SetWindow("alpha", Duration.ofSeconds(3)))
            .at(Duration.ofSeconds(70), new Change.SetWindow("alpha", Duration.ofMillis(1_500)))
            .build();
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(12));
    simulation.saturate("GET", "/channels/1/alpha", 30);
    Report report = simulation.run(LENGTH);
    // 30 s of 6, 40 s of 2, 50 s of 4.
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.9 * 460));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void modelThatChanges_costsNoMoreThanABucketFullEachTime(long seed) {
    Scenario scenario =
        scenario(seed)
            .route(ALPHA, "alpha", Rate.fixed(8, Duration.ofSeconds(2)))
            .at(Duration.ofSeconds(30), new Change.SetModel("alpha", RateModel.SLIDING))
            .at(Duration.ofSeconds(70), new Change.SetModel("alpha", RateModel.FIXED))
            .build();
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(16));
    simulation.saturate("GET", "/channels/1/alpha", 30);
    Report report = simulation.run(LENGTH);
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.9 * 480));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hashThatSplits_costsNoMoreThanWasInFlight_andBothAreUsedUp(long seed) {
    Scenario scenario =
        scenario(seed)
            .route(ALPHA, "shared", Rate.fixed(6, SECOND))
            .route(BRAVO, "shared")
            .bucket("own", Rate.fixed(6, SECOND))
            .at(Duration.ofSeconds(40), new Change.SetHash(RoutePattern.parse(BRAVO), "own"))
            .build();
    // One more for the probe of the second route, which nobody knows to share the bucket.
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(7));
    simulation.saturate("GET", "/channels/1/alpha", 20);
    simulation.saturate("GET", "/channels/1/bravo", 20);
    Report report = simulation.run(LENGTH);
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.93 * 1_200));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hashesByTheAgeOfMessages_costAlmostNothing(long seed) {
    var random = new SplittableRandom(seed);
    Scenario scenario =
        scenario(seed)
            .bucket("young", Rate.sliding(5, Duration.ofSeconds(5)))
            .bucket("middle", Rate.sliding(3, SECOND))
            .bucket("old", Rate.sliding(30, Duration.ofSeconds(120)))
            .route(DELETE, new RouteBucket.ByMessageAge("young", "middle", "old"))
            .build();
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(8));
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    long[] ages = {3_000, 60_000, Duration.ofDays(20).toMillis()};
    for (long age : ages) {
      var kind =
          new Kind(
              "DELETE",
              () -> {
                // Those that are young at first grow old in line.
                long made =
                    start.plus(simulation.elapsed()).toEpochMilli() - age - random.nextLong(1_000);
                return "/channels/1/messages/" + ((made - 1_420_070_400_000L) << 22);
              },
              "",
              () -> Kind.ENDLESS);
      simulation.saturate(kind, 4);
    }
    Report report = simulation.run(LENGTH);
    // 3 per s, 1 per s, 1 per 4 s.
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.8 * 500));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HiddenLimit.Reach.class)
  void hiddenLimit_delaysItsOwnRouteOnly(HiddenLimit.Reach reach) {
    var hidden =
        reach == HiddenLimit.Reach.TOKEN
            ? HiddenLimit.perToken(
                "rename", Rate.fixed(2, Duration.ofSeconds(20)), HiddenLimit.When.NAME_OR_TOPIC)
            : HiddenLimit.shared("rename", Rate.fixed(2, Duration.ofSeconds(20)), reach);
    String change = "PATCH /channels/{channel_id}";
    Scenario scenario =
        scenario(9)
            .route(change, "change", Rate.fixed(5, SECOND))
            .hidden(change, hidden)
            .route(BRAVO, "change")
            .build();
    // In each of 6 windows of the hidden limit, no more than a bucket full.
    var simulation = new LimiterSimulation(scenario, 9, Chaos.allowing(6 * 5 + 1));
    simulation.saturate(Kind.of("PATCH", "/channels/1").withBody("{\"name\":\"x\"}"), 10);
    simulation.trickle("GET", "/channels/1/bravo", 1, LENGTH);
    Report report = simulation.run(LENGTH);
    assertThat(report.limited()).as("the limit is met").isPositive();
    assertThat(simulation.longestWait("/channels/1/bravo"))
        .as("the bucket's other route")
        .isLessThan(Duration.ofMillis(1_500));
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @CsvSource({"FIXED, 1", "FIXED, 2", "ALIGNED, 3", "SLIDING, 4"})
  void processThatStandsStill_keepsTheGlobalLimit(RateModel model, long seed) {
    ScenarioBuilder scenario = scenario(seed).global(50, model);
    scenario.route(ALPHA, "alpha", Rate.fixed(20, SECOND));
    var simulation =
        new LimiterSimulation(scenario.build(), seed, Chaos.stalls(Duration.ofMillis(300)));
    for (int channel = 1; channel <= 30; channel++) {
      simulation.saturate("GET", "/channels/" + channel + "/alpha", 4);
    }
    Report report = simulation.run(LENGTH);
    assertThat(report.limited()).as(simulation.describe()).isZero();
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan(80L * 50);
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @CsvSource({"FIXED, 1", "FIXED, 2", "SLIDING, 3", "SLIDING, 4"})
  void deadlines_areKept_andNoTurnIsLostToThem(RateModel model, long seed) {
    var random = new SplittableRandom(seed);
    Scenario scenario =
        scenario(seed)
            .route(ALPHA, "alpha", new Rate(5, Duration.ofSeconds(5), model))
            .route(BRAVO, "alpha")
            .build();
    var simulation = new LimiterSimulation(scenario, seed, Chaos.allowing(1));
    for (String path : new String[] {"/channels/1/alpha", "/channels/1/bravo"}) {
      simulation.saturate(
          Kind.of("GET", path).withPatience(() -> Duration.ofMillis(random.nextLong(1, 20_000))),
          12);
    }
    Report report = simulation.run(LENGTH);
    assertThat(simulation.refused()).as(simulation.describe()).isPositive();
    assertThat(report.accepted()).as(simulation.describe()).isGreaterThan((long) (0.85 * 120));
  }

  private static ScenarioBuilder scenario(long seed) {
    return Scenario.builder("chaos")
        .seed(seed)
        .delays(Delays.reference())
        .global(100_000, RateModel.FIXED);
  }
}
