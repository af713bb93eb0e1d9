package dev.spectacles.proxy.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A client that sends one request after the other and waits for {@code Reset-After} when nothing
 * remains: it must never see a 429, and its share of the maximum is known from measurements.
 */
class ObedientClientTest {
  private static final long END = 300_000_000;

  private final SplittableRandom random = new SplittableRandom(7);

  @Test
  void fixed_fivePerFiveSeconds_isUsedUp() {
    assertThat(utilisation(Rate.fixed(5, Duration.ofSeconds(5)))).isCloseTo(1.0, within(0.02));
  }

  @Test
  void fixed_fiftyPerSecond_isLimitedByRoundTrip() {
    assertThat(utilisation(Rate.fixed(50, Duration.ofSeconds(1)))).isCloseTo(0.297, within(0.03));
  }

  @Test
  void sliding_fivePerFiveSeconds_losesTheRoundTrips() {
    assertThat(utilisation(Rate.sliding(5, Duration.ofSeconds(5)))).isBetween(0.8, 1.0);
  }

  @Test
  void fixed_oneInQuarterSecond_losesTheRoundTrips() {
    assertThat(utilisation(Rate.fixed(1, Duration.ofMillis(250)))).isCloseTo(0.842, within(0.04));
  }

  private double utilisation(Rate rate) {
    var report = run(rate);
    assertThat(report.limited()).isZero();
    return report.bucket("message").orElseThrow().utilisation();
  }

  private Report run(Rate rate) {
    var sim =
        new Fixture(
            Scenario.builder("obedient")
                .delays(Delays.reference())
                .route(Scenarios.CREATE_MESSAGE, "message", rate));
    long now = 0;
    while (now < END) {
      now += millis(8, 25);
      var answer = sim.at(now, Fixture.post("/channels/1/messages"));
      now += millis(5, 60) + millis(8, 25);
      if (answer.header("X-RateLimit-Remaining").orElseThrow().equals("0")) {
        var seconds = Double.parseDouble(answer.header("X-RateLimit-Reset-After").orElseThrow());
        now += Math.round(seconds * 1e6);
      }
    }
    return sim.discord.report();
  }

  private long millis(int min, int max) {
    return random.nextLong(min * 1_000L, max * 1_000L);
  }
}
