package dev.spectacles.proxy.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.EntityJson;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.answer.AnswerRoute;
import dev.spectacles.proxy.domain.entity.answer.Level;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.simulator.world.Fidelity;
import dev.spectacles.proxy.simulator.world.RestAnswer;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import dev.spectacles.proxy.simulator.world.WorldRest;
import dev.spectacles.proxy.simulator.world.WorldSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Random histories through a broker into a store: what is kept is what the world is, and so are
 * answers made of it.
 */
class GatewayFeedTest {
  /** {@code -Dfeed.seeds=N} for more. */
  private static final int SEEDS = Integer.getInteger("feed.seeds", 2);

  private static final Map<String, String> CACHED = Map.of("cache-control", "only-if-cached");
  private static final EntityJson JSON = new EntityJson(16 << 20);

  /** Status of a scheduled event that is over. */
  private static final long FIRST_OVER = 3;

  @TestFactory
  Stream<DynamicTest> history_isKeptAndAnsweredFromAsTheWorldIs() {
    return histories(1, SEEDS, 20, 4_000);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> hundredHistories_areKeptAndAnsweredFromAsTheWorldIs() {
    return histories(2000, 2099, 50, 10_000);
  }

  private static Stream<DynamicTest> histories(long first, long last, int guilds, int events) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(
            seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed, guilds, events)));
  }

  private static void check(long seed, int guilds, int events) throws Exception {
    var world = new World(WorldSettings.unruly(seed, guilds));
    try (var cache = new FedCache()) {
      cache.publish(new AppliedHistory().sorted(history(world, events)));
      cache.catchUp();

      assertThat(differences(cache, world)).as("seed %d", seed).isEmpty();
      assertThat(wrongAnswers(cache, world)).as("seed %d", seed).isEmpty();
      assertThat(cache.dropped()).isZero();
    }
  }

  private static List<WorldEvent> history(World world, int atLeast) {
    var events = new ArrayList<>(world.begin());
    while (events.size() < atLeast) {
      events.addAll(world.step());
    }
    events.addAll(world.settle());
    return events;
  }

  private static List<String> differences(FedCache cache, World world) throws Exception {
    assertThat(new TreeSet<>(cache.guilds())).isEqualTo(world.guilds());
    var differences = new ArrayList<String>();
    for (long guild : world.guilds()) {
      if (cache.state(guild).standing() != Standing.AVAILABLE) {
        differences.add(guild + ": " + cache.state(guild).standing());
      }
      differences.addAll(Differences.of(world, guild, cache.kept(guild)));
    }
    return differences;
  }

  private static List<String> wrongAnswers(FedCache cache, World world) throws Exception {
    // Discord accepts the token.
    cache.get(world.self(), "/users/@me", Map.of());
    var rest = new WorldRest(world);
    var wrong = new ArrayList<String>();
    for (long guild : world.guilds()) {
      for (String path : rest.paths(guild)) {
        var real = rest.get(path).orElseThrow();
        boolean known = real.status() == 200 && isKnown(cache, world, guild, path, real.body());
        boolean thread = world.ids(guild, EntityType.THREAD).contains(last(path));
        boolean preferred = known && route(path).best().isAsGoodAs(Level.LOSSY) && !thread;
        var answer = cache.get(world.self(), path, Map.of());
        judge(path + " preferred", real, preferred, answer, wrong);
        if (real.status() == 200) {
          judge(path + " cached", real, known, cache.get(world.self(), path, CACHED), wrong);
        }
      }
    }
    return wrong;
  }

  private static void judge(
      String what,
      RestAnswer real,
      boolean expected,
      ProxyResponse.Http answer,
      List<String> wrong) {
    if (FedCache.isTold(answer) != expected) {
      wrong.add(what + ": code=" + answer.code() + " (expected told=" + expected + ")");
    } else if (expected) {
      String path = what.split(" ", 2)[0];
      Fidelity.differences(path, real.body(), answer.body().utf8())
          .forEach(difference -> wrong.add(what + ": " + difference));
    }
  }

  /** Whether the gateway told all that it takes to answer as Discord does. */
  private static boolean isKnown(FedCache cache, World world, long guild, String path, String real)
      throws Exception {
    return switch (route(path)) {
      case MEMBERS -> cache.state(guild).membersComplete();
      case EVENTS ->
          cache.kept(guild).get(EntityType.EVENT).values().stream()
              .allMatch(event -> isVisible(world, guild, event));
      case EVENT ->
          isVisible(world, guild, real) && read(real).number("status").orElseThrow() < FIRST_OVER;
      default -> true;
    };
  }

  private static boolean isVisible(World world, long guild, String event) {
    var channel = read(event).id("channel_id");
    return channel.isEmpty()
        || (world.ids(guild, EntityType.CHANNEL).contains(channel.getAsLong())
            && !world.hiddenChannels(guild).contains(channel.getAsLong()));
  }

  private static JsonObject read(String json) {
    try {
      return JSON.read(json.getBytes(UTF_8));
    } catch (InvalidEventException e) {
      throw new AssertionError(e);
    }
  }

  private static AnswerRoute route(String path) {
    return AnswerRoute.of(List.of(path.substring(1).replaceAll("\\?.*", "").split("/")))
        .orElseThrow();
  }

  private static long last(String path) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    return id.matches("[0-9]+") ? Long.parseUnsignedLong(id) : 0;
  }
}
