package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.local.FleetSimulation.Setup;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several instances keep Discord's limits together, use them up and survive each other. */
class FleetSimulationTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration NEAR = Duration.ofMillis(1);
  private static final int[] FLEETS = {1, 2, 4};

  @ParameterizedTest(name = "{0} per {1} ms {2}, instances {3}")
  @CsvSource({
    "5, 5000, FIXED, 2, 0.98",
    "5, 5000, FIXED, 4, 0.98",
    "5, 5000, SLIDING, 2, 0.98",
    "5, 5000, SLIDING, 4, 0.98",
    "10, 1000, FIXED, 2, 0.96",
    "10, 1000, FIXED, 4, 0.96",
    "10, 1000, SLIDING, 4, 0.96",
    "50, 1000, FIXED, 4, 0.96",
    "50, 1000, SLIDING, 4, 0.95",
    "2, 1000, FIXED, 4, 0.96",
    "1, 250, FIXED, 1, 0.90",
    "1, 250, FIXED, 4, 0.85",
    "1, 250, SLIDING, 1, 0.85",
    "1, 250, SLIDING, 4, 0.85",
  })
  void saturatedBucket_isSharedAndUsedUp(
      int limit, long windowMillis, RateModel model, int instances, double share) {
    var window = Duration.ofMillis(windowMillis);
    Scenario scenario =
        scenario(limit)
            .global(100_000, RateModel.FIXED)
            .route("GET /channels/{channel_id}/alpha", "alpha", new Rate(limit, window, model))
            .build();
    var simulation = new FleetSimulation(scenario, new Setup(instances, 42, NEAR));
    simulation.saturate("/channels/1/alpha", 4 * limit * instances, limit, window);
    Report report = simulation.run(MINUTE.multipliedBy(2));

    BucketReport bucket = report.buckets().getFirst();
    System.out.printf(
        "%d per %s %s, %d instances: used %.1f %%, calls per grant %.2f%n",
        limit, window, model, instances, 100 * bucket.utilisation(), simulation.callsPerGrant());
    assertThat(bucket.utilisation()).as("%s", simulation).isGreaterThanOrEqualTo(share);
    // A sliding bucket has an end of a window for each request that comes back.
    long windows =
        MINUTE.multipliedBy(2).dividedBy(window) * (model == RateModel.SLIDING ? limit : 1);
    assertThat(simulation.calls())
        .as("%s: calls of the store", simulation)
        // Twice, as each asks again where one that comes before might not come.
        .isLessThanOrEqualTo(2 * instances * (windows + simulation.wakes) + simulation.grants());
  }

  @ParameterizedTest
  @EnumSource(RateModel.class)
  void saturatedGlobalLimit_isSharedInFewCalls(RateModel model) {
    ScenarioBuilder scenario = scenario(1).global(50, model);
    for (int i = 0; i < 4; i++) {
      scenario.route("GET /channels/{channel_id}/w" + i, "w" + i, Rate.fixed(20, SECOND));
    }
    var simulation = new FleetSimulation(scenario.build(), new Setup(4, 7, NEAR));
    for (int i = 0; i < 40; i++) {
      simulation.saturate("/channels/" + i / 4 + "/w" + i % 4, 8, 0, SECOND);
    }
    Report report = simulation.run(MINUTE);

    double used = report.accepted() / (50.0 * MINUTE.toSeconds());
    System.out.printf(
        "global %s, 4 instances: used %.1f %%, calls per grant %.2f, longest wait %s%n",
        model, 100 * used, simulation.callsPerGrant(), simulation.longestWait());
    assertThat(used).as("%s", simulation).isGreaterThan(0.95);
    assertThat(simulation.callsPerGrant()).as("%s", simulation).isLessThan(1.5);
    // 320 in line at 50 per second, and as long again at most.
    assertThat(simulation.longestWait()).as("%s", simulation).isLessThan(Duration.ofSeconds(13));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomLimits_areKeptByAll(long seed) {
    simulateRandomLimits(seed, FLEETS[(int) (seed % 3)], false, false);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void deaths_blockNoBucketForLong(long seed) {
    simulateRandomLimits(100 + seed, 2 + 2 * (int) (seed % 2), true, false);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void instancesThatStandStillOrDie_breakNoLimit(long seed) {
    simulateRandomLimits(200 + seed, FLEETS[(int) (seed % 3)], seed % 3 > 0, true);
  }

  private static void simulateRandomLimits(
      long seed, int instances, boolean deaths, boolean stops) {
    var random = new SplittableRandom(seed);
    ScenarioBuilder scenario =
        scenario(seed).global(50, RateModel.values()[random.nextInt(RateModel.values().length)]);
    var toStore = Duration.ofMillis(random.nextLong(1, 12));
    var rates = new Rate[5];
    for (int i = 0; i < rates.length; i++) {
      var window = Duration.ofMillis(random.nextLong(250, 8_000));
      // Together they stay below the global limit.
      int most = (int) Math.max(1, Math.min(30, window.toMillis() / 250));
      var model = random.nextBoolean() ? RateModel.FIXED : RateModel.SLIDING;
      rates[i] = new Rate(random.nextInt(1, most + 1), window, model);
      scenario.route("GET /channels/{channel_id}/w" + i, "w" + i, rates[i]);
    }
    var simulation = new FleetSimulation(scenario.build(), new Setup(instances, seed, toStore));
    for (int channel = 1; channel <= 2; channel++) {
      for (int i = 0; i < rates.length; i++) {
        int inLine = 2 + random.nextInt(3 * rates[i].limit() + instances);
        String path = "/channels/" + channel + "/w" + i;
        simulation.saturate(path, inLine, rates[i].limit(), rates[i].window());
      }
    }
    if (stops) {
      simulation.stops();
    }
    if (deaths) {
      simulation.death(Duration.ofSeconds(12));
      simulation.death(Duration.ofSeconds(35));
    }
    Report report = simulation.run(MINUTE);
    assertThat(report.limited()).as("%s", simulation).isZero();
    assertThat(report.accepted()).as("%s", simulation).isGreaterThan(200);
  }

  private static ScenarioBuilder scenario(long seed) {
    return Scenario.builder("fleet").seed(seed).delays(Delays.reference());
  }
}
