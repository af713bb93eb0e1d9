package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.local.LimiterSimulation.Chaos;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No 429, order kept and limits used, for whatever Discord does within its rules. */
class LimiterSimulationTest {
  private static final Duration SHORT = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final List<String> WORDS =
      List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot");

  @ParameterizedTest(name = "{0} per {1} ms {2}")
  @CsvSource({
    "5, 5000, FIXED, 0.99",
    "10, 1000, FIXED, 0.98",
    "50, 1000, FIXED, 0.96",
    "2, 1000, FIXED, 0.95",
    "1, 250, FIXED, 0.90",
    "1, 1000, FIXED, 0.95",
    "30, 120000, FIXED, 0.98",
    "5, 5000, SLIDING, 0.98",
    "30, 3000, SLIDING, 0.98",
    "10, 1000, SLIDING, 0.98",
    "50, 1000, SLIDING, 0.95",
    "1, 250, SLIDING, 0.85",
    "3, 1000, SLIDING, 0.98",
  })
  void saturatedBucket_isUsedUpWithoutA429(
      int limit, long windowMillis, RateModel model, double share) {
    var rate = new Rate(limit, Duration.ofMillis(windowMillis), model);
    Scenario scenario =
        Scenario.builder("one")
            .seed(limit)
            .delays(Delays.reference())
            .global(100_000, RateModel.FIXED)
            .route("GET /channels/{channel_id}/alpha", "alpha", rate)
            .build();
    var simulation = new LimiterSimulation(scenario, 42, Chaos.NONE);
    simulation.saturate("GET", "/channels/1/alpha", 4 * limit);
    Report report = simulation.run(windowMillis > 60_000 ? Duration.ofMinutes(20) : LONG);

    BucketReport bucket = report.buckets().getFirst();
    assertThat(bucket.utilisation()).isGreaterThanOrEqualTo(share);
    assertThat(bucket.maxInFlight()).isLessThanOrEqualTo(limit);
  }

  @ParameterizedTest
  @EnumSource(RateModel.class)
  void saturatedGlobalLimit_isUsedUpWithoutA429(RateModel model) {
    ScenarioBuilder scenario =
        Scenario.builder("global").delays(Delays.reference()).global(50, model);
    for (String word : WORDS) {
      scenario.route(
          "GET /channels/{channel_id}/" + word, word, Rate.fixed(20, Duration.ofSeconds(1)));
    }
    var simulation = new LimiterSimulation(scenario.build(), 7, Chaos.NONE);
    for (int channel = 1; channel <= 10; channel++) {
      for (String word : WORDS) {
        simulation.saturate("GET", "/channels/" + channel + "/" + word, 3);
      }
    }
    Report report = simulation.run(SHORT);

    assertThat(report.limited()).isZero();
    assertThat(report.accepted()).isGreaterThan((long) (0.95 * 50 * SHORT.toSeconds()));
    assertThat(simulation.longestWait()).as("nobody starves").isLessThan(Duration.ofSeconds(8));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomLimits_noneIsExceeded(long seed) {
    simulateRandomLimits(seed, SHORT, Chaos.NONE);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
  void lostAnswersAndUnsentRequests_noLimitIsExceeded(long seed) {
    simulateRandomLimits(seed, SHORT, new Chaos(3, 10));
  }

  @Tag("slow")
  @ParameterizedTest(name = "series {0}")
  @ValueSource(longs = {1_000, 2_000, 3_000, 4_000})
  void manySeedsForFiveMinutes_noLimitIsExceeded(long series) {
    for (long seed = series; seed < series + 50; seed++) {
      simulateRandomLimits(seed, LONG, seed % 2 == 0 ? Chaos.NONE : new Chaos(2, 5));
    }
  }

  private static void simulateRandomLimits(long seed, Duration length, Chaos chaos) {
    var random = new SplittableRandom(seed);
    RateModel global = RateModel.values()[random.nextInt(RateModel.values().length)];
    ScenarioBuilder scenario =
        Scenario.builder("random").seed(seed).delays(Delays.reference()).global(50, global);
    for (String word : WORDS) {
      RateModel model = random.nextBoolean() ? RateModel.FIXED : RateModel.SLIDING;
      Duration window = Duration.ofMillis(random.nextLong(250, 8_000));
      int most = (int) Math.min(30, window.toMillis() / 20);
      scenario.route(
          "GET /channels/{channel_id}/" + word,
          word,
          new Rate(random.nextInt(1, most + 1), window, model));
    }
    scenario.route(
        "POST /channels/{channel_id}/messages", "messages", Rate.sliding(5, Duration.ofSeconds(5)));
    var simulation = new LimiterSimulation(scenario.build(), seed, chaos);
    for (int channel = 1; channel <= 3; channel++) {
      for (String word : WORDS) {
        String path = "/channels/" + channel + "/" + word;
        if (random.nextBoolean()) {
          simulation.saturate("GET", path, random.nextInt(1, 20));
        } else {
          simulation.trickle("GET", path, random.nextDouble(0.2, 3), length);
        }
      }
      simulation.saturate("POST", "/channels/" + channel + "/messages", 6);
    }
    Report report = simulation.run(length);

    assertThat(report.limited()).as(simulation.describe()).isZero();
    assertThat(report.buckets()).as(simulation.describe()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(simulation.through())
        .as(simulation.describe())
        .isGreaterThan(length.toSeconds() * 5);
  }
}
