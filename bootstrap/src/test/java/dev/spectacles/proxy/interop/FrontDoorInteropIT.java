package dev.spectacles.proxy.interop;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.e2e.GatewayStreams;
import dev.spectacles.proxy.e2e.ProxyProcess;
import dev.spectacles.proxy.simulator.model.InteractionToken;
import dev.spectacles.proxy.simulator.model.Snowflake;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldRest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Discord's libraries, unchanged but for their base URL, through the HTTP front door: discord.js
 * and {@code @discordjs/rest} from npm, and Discord4J. All are the same bot, and share a channel
 * whose bucket of 5 per 5 s each of them knows its own part of at most.
 *
 * <p>Where Node.js is missing it says so and is skipped; with {@code CI=true} it fails instead.
 */
@Tag("interop")
class FrontDoorInteropIT {
  private static final WorldSpec SPEC = new WorldSpec(3, 1, 1, true);
  private static final long LONGEST_SECONDS = 90;

  private static final List<String> REST =
      List.of(
          "the bot and its gateway",
          "send",
          "fetch",
          "edit",
          "react",
          "delete",
          "upload of 8 MiB",
          "interaction",
          "webhook",
          "a crowd in one channel",
          "nothing limited or tried twice");
  private static final List<String> DISCORD_JS =
      Stream.concat(
              Stream.of("fetch", "send"),
              REST.stream().filter(check -> !REST.subList(0, 3).contains(check)))
          .toList();

  /** What all three libraries ask for together, by method and path. */
  private static final Map<String, Integer> ASKED =
      Map.ofEntries(
          entry("GET /users/@me", 3),
          entry("GET /gateway/bot", 2),
          entry("GET /guilds/#", 1),
          entry("GET /channels/#", 3),
          entry("POST /channels/#/messages", 26),
          entry("GET /channels/#/messages", 3),
          entry("GET /channels/#/messages/#", 6),
          entry("PATCH /channels/#/messages/#", 3),
          entry("DELETE /channels/#/messages/#", 3),
          entry("PUT /channels/#/messages/#/reactions/*/@me", 3),
          entry("GET /channels/#/messages/#/reactions/*", 3),
          entry("DELETE /channels/#/messages/#/reactions/*/@me", 3),
          entry("POST /interactions/#/*/callback", 3),
          entry("PATCH /webhooks/#/*/messages/@original", 3),
          entry("DELETE /webhooks/#/*/messages/@original", 3),
          entry("POST /webhooks/#/*", 6),
          entry("PATCH /webhooks/#/*/messages/#", 3),
          entry("DELETE /webhooks/#/*/messages/#", 3),
          entry("POST /channels/#/webhooks", 3),
          entry("PATCH /webhooks/#", 2),
          entry("DELETE /webhooks/#", 2),
          // Those of discord.js bear its token.
          entry("PATCH /webhooks/#/*", 1),
          entry("DELETE /webhooks/#/*", 1));

  @BeforeAll
  static void requireNode() throws InterruptedException {
    NodeProject.require("The HTTP front door with discord.js");
  }

  @Test
  void libraries_usualCalls_passOnceAndUnlimited() throws Exception {
    NodeProject project = NodeProject.install();
    int port = RedisServers.freePort();
    try (var redis = RedisServers.embedded().start();
        var discord = SimulatorProcess.start(scenario());
        var proxy = ProxyProcess.start(settings(redis, discord, port))) {
      List<Errand> errands = errands("http://127.0.0.1:" + port + "/api");

      try (var libraries = Executors.newVirtualThreadPerTaskExecutor()) {
        var rest = libraries.submit(() -> script(project, "discordjs-rest.cjs", errands.get(0)));
        var discordJs = libraries.submit(() -> script(project, "discordjs.cjs", errands.get(1)));
        var discord4j = libraries.submit(discord4j(errands.get(2)));
        CheckLines.allPassed(REST, result(rest));
        CheckLines.allPassed(DISCORD_JS, result(discordJs));
        result(discord4j);
      }

      nothingWasLimited(discord.report());
      eachCallArrivedOnce(discord.ledger());
      assertThat(proxy.output()).doesNotContain("ERROR").doesNotContain("Exception");
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  /** The limits that bots meet in truth, and a world to talk in. */
  private static Scenario scenario() {
    return Scenarios.realistic().toBuilder().world(SPEC).build();
  }

  private static Map<String, String> settings(
      RedisServers.Server redis, SimulatorProcess discord, int port) {
    Map<String, String> settings = ProxyProcess.caching(redis.url(), discord.apiUrl());
    settings.put("HTTP_ADDR", "127.0.0.1:" + port);
    return settings;
  }

  private static List<Errand> errands(String api) {
    var world = new World(LiveWorld.settings(SPEC));
    var rest = new WorldRest(world);
    long guild = world.guilds().first();
    List<Long> text =
        world.ids(guild, EntityType.CHANNEL).stream()
            .filter(channel -> isOfText(rest, channel))
            .toList();
    // The libraries put "Bot" before it.
    String token = GatewayStreams.authorization(world.self(), "secret").substring("Bot ".length());
    String interaction = Snowflake.at(System.currentTimeMillis());
    return IntStream.range(0, 3)
        .mapToObj(
            i -> {
              String answer = InteractionToken.of(interaction, "library-" + i);
              long own = text.get(1 + i);
              return new Errand(api, token, guild, own, text.getFirst(), interaction, answer);
            })
        .toList();
  }

  private static boolean isOfText(WorldRest rest, long channel) {
    return rest.get("/channels/" + channel)
        .filter(answer -> answer.body().contains("\"type\":0,\"guild_id\""))
        .isPresent();
  }

  private static List<String> script(NodeProject project, String script, Errand errand)
      throws InterruptedException {
    var arguments =
        List.of(
            errand.api(),
            errand.token(),
            Long.toString(errand.guild()),
            Long.toString(errand.channel()),
            Long.toString(errand.crowded()),
            errand.interaction(),
            errand.interactionToken());
    return project.run(script, Map.of(), arguments);
  }

  private static Callable<Boolean> discord4j(Errand errand) {
    return () -> {
      new Discord4jCalls(errand).run();
      return true;
    };
  }

  private static <T> T result(Future<T> run)
      throws InterruptedException, ExecutionException, TimeoutException {
    return run.get(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  private static void nothingWasLimited(Report report) {
    assertThat(report.limited()).as(report.toText()).isZero();
    assertThat(report.totals().repeatedNonces()).isZero();
  }

  /** Reads may also have been answered by what the proxy knew. */
  private static void eachCallArrivedOnce(List<LedgerEntry> ledger) {
    Map<String, Integer> arrived =
        ledger.stream()
            .collect(
                Collectors.toMap(
                    FrontDoorInteropIT::shape, entry -> 1, Integer::sum, TreeMap::new));
    assertThat(arrived.keySet()).isSubsetOf(ASKED.keySet());
    ASKED.forEach(
        (call, times) -> {
          int seen = arrived.getOrDefault(call, 0);
          if (call.startsWith("GET ")) {
            assertThat(seen).as(call).isBetween(1, times);
          } else {
            assertThat(seen).as(call).isEqualTo(times);
          }
        });
  }

  /** Method and path of the API, with {@code #} for an id and {@code *} for what else varies. */
  private static String shape(LedgerEntry entry) {
    String path =
        entry
            .path()
            .replaceFirst("^/api/v10", "")
            .replaceFirst("\\?.*", "")
            .replace("%40", "@")
            .replaceFirst("(?<=^/(webhooks|interactions)/[0-9]{1,19}/)[^/]+", "*")
            .replaceFirst("(?<=/reactions/)[^/]+", "*")
            .replaceAll("/[0-9]+(?=/|$)", "/#");
    return entry.method() + " " + path;
  }
}
