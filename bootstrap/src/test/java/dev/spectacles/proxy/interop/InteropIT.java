package dev.spectacles.proxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.amqp.NeedsRabbit;
import dev.spectacles.proxy.adapter.amqp.RabbitServers;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.e2e.ProxyProcess;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client of spectacles.js from npm, unchanged, over a real Redis, over a real RabbitMQ and as
 * the proxy's parent; the proxy has nothing but the seed's defaults, the type of its broker, and
 * the addresses of the broker and of Discord. The script is the same over every broker.
 *
 * <p>Where Node.js is missing it says so and is skipped; with {@code CI=true} it fails instead.
 */
@Tag("interop")
class InteropIT {
  private static final List<String> API =
      List.of(
          "get",
          "get with a query of text, numbers and booleans",
          "post of an object",
          "put, patch and delete",
          "put without a body",
          "errors of Discord are answers",
          "status 2",
          "status 3",
          "status 4",
          "status 5",
          "status 6",
          "status 7",
          "status 8",
          "1,000 immediate answers one after the other",
          "1,000 immediate answers, 25 at a time",
          "1,000 immediate answers at once");
  private static final List<String> BYTES =
      List.of("post of a buffer", "post of an object, byte for byte");

  @BeforeAll
  static void requireNode() throws InterruptedException {
    NodeProject.require("Interop with the JavaScript client");
  }

  static List<RedisServers.Binary> servers() {
    return RedisServers.all();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void javaScriptClient_worksUnchanged(RedisServers.Binary binary)
      throws IOException, InterruptedException {
    NodeProject project = NodeProject.install();
    try (var redis = binary.start();
        var discord = SimulatorProcess.start(scenario());
        var proxy = ProxyProcess.start(ProxyProcess.caching(redis.url(), discord.apiUrl()))) {
      List<String> broker = List.of("redis", "redis://" + redis.url());
      checkAll(discord, part -> project.run("run.cjs", Map.of(), arguments(part, broker)));
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  @NeedsRabbit
  @Test
  void javaScriptClient_overRabbitMq_worksUnchanged() throws IOException, InterruptedException {
    String url = RabbitServers.required().url();
    NodeProject project = NodeProject.install();
    try (var discord = SimulatorProcess.start(scenario());
        var proxy =
            ProxyProcess.start(
                Map.of(
                    "BROKER_TYPE",
                    "amqp",
                    "AMQP_URL",
                    url,
                    "DISCORD_API_URL",
                    discord.apiUrl().toString()))) {
      // The client puts the scheme before what it is given.
      List<String> broker = List.of("amqp", url.substring("amqp://".length()));
      checkAll(discord, part -> project.run("run.cjs", Map.of(), arguments(part, broker)));
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  /** Started by Node.js and told to stop by the end of its channel, after which it exits with 0. */
  @Test
  void javaScriptClient_asParent_worksUnchanged() throws IOException, InterruptedException {
    NodeProject project = NodeProject.install();
    try (var discord = SimulatorProcess.start(scenario())) {
      Map<String, String> settings =
          Map.of("BROKER_TYPE", "ipc", "DISCORD_API_URL", discord.apiUrl().toString());
      var broker = new ArrayList<>(List.of("ipc"));
      broker.addAll(ProxyProcess.command());
      checkAll(discord, part -> project.run("run.cjs", settings, arguments(part, broker)));
    }
  }

  /** Runs one part of the script. */
  private interface Script {
    List<String> run(String part) throws InterruptedException;
  }

  private static List<String> arguments(String part, List<String> broker) {
    return Stream.concat(Stream.of(part), broker.stream()).toList();
  }

  private static void checkAll(SimulatorProcess discord, Script script)
      throws IOException, InterruptedException {
    CheckLines.allPassed(API, script.run("api"));
    assertThat(discord.ledger())
        .as("what the proxy refuses must not reach Discord")
        .noneMatch(entry -> entry.path().contains("no-slash") || entry.path().contains("token"))
        .noneMatch(entry -> entry.decision() == Decision.BLOCKED_USER_AGENT);
    assertThat(discord.ledger().stream().filter(entry -> entry.path().contains("/reset/")))
        .as("a POST of unknown outcome is sent once")
        .hasSize(1);

    discord.reset(scenario().toBuilder().api(api -> api.withRawEcho(true)).build());
    CheckLines.allPassed(BYTES, script.run("bytes"));
  }

  private static Scenario scenario() {
    return Scenario.builder("interop")
        .global(1_000_000, RateModel.FIXED)
        .at(Duration.ZERO, new Change.Forbid(RoutePattern.parse("* /forbidden/**"), true))
        .at(Duration.ZERO, new Change.Remove(RoutePattern.parse("* /missing/**"), true))
        .fault(FaultSpec.of("* /reset/**", FaultSpec.Kind.RESET))
        .fault(FaultSpec.of("* /never/**", FaultSpec.Kind.NO_ANSWER))
        .build();
  }
}
