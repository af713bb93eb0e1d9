package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

/** A model at hand for a test, with shorthands for requests. */
final class Fixture {
  static final long MS = 1_000;
  static final long S = 1_000_000;
  static final String TOKEN = "Bot a";

  final SimulatedDiscord discord;

  Fixture(ScenarioBuilder scenario) {
    this(scenario.build());
  }

  Fixture(Scenario scenario) {
    discord = SimulatedDiscord.of(scenario);
  }

  static SimRequest get(String path) {
    return SimRequest.of("GET", "/api/v10" + path).authorization(TOKEN);
  }

  static SimRequest post(String path) {
    return SimRequest.of("POST", "/api/v10" + path).authorization(TOKEN);
  }

  static SimRequest request(String method, String path) {
    return SimRequest.of(method, "/api/v10" + path).authorization(TOKEN);
  }

  SimAnswer at(long nowMicros, SimRequest request) {
    var answer = discord.arrive(request, nowMicros);
    discord.answered(answer);
    return answer;
  }

  /** How many of so many requests at once are accepted. */
  long accepted(int count, long nowMicros, SimRequest request) {
    return IntStream.range(0, count)
        .filter(i -> at(nowMicros, request).decision() == Decision.ACCEPTED)
        .count();
  }

  /** An id that was made this long before the model's time 0. */
  static String idMadeBefore(Duration age) {
    return Snowflake.at(Instant.parse("2026-01-01T00:00:00Z").minus(age).toEpochMilli());
  }
}
