package dev.spectacles.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.service.Purges.Purge;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import dev.spectacles.proxy.simulator.world.WorldSettings;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who may tell what is kept, and what is told beside Discord's events. */
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time
class GatewayControlTest {
  /** An answer is trusted only about what the gateway has told nothing of for a second. */
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final World world = new World(WorldSettings.orderly(1, 3));
  private final List<WorldEvent> beginning = world.begin();
  private final long guild = world.guilds().first();
  private FedCache cache;

  @BeforeEach
  void start() throws InterruptedException {
    cache = new FedCache();
  }

  @AfterEach
  void stop() throws InterruptedException {
    cache.close();
  }

  @Test
  void eventsBeforeReady_areDropped_thoseAfterItAreKept() throws Exception {
    List<WorldEvent> guilds = beginning.stream().filter(event -> !isReady(event)).toList();
    cache.publish(guilds);
    cache.catchUp();

    assertThat(cache.dropped()).isEqualTo(guilds.size());

    cache.publish(beginning);
    cache.catchUp();

    assertThat(new TreeSet<>(cache.guilds())).isEqualTo(world.guilds());
    assertThat(Differences.of(world, guild, cache.kept(guild))).isEmpty();
  }

  @Test
  void readyAgain_makesGuildsUnavailable_untilTheyAreToldAgain() throws Exception {
    cache.publish(beginning);
    cache.publish(beginning.stream().filter(GatewayControlTest::isReady).toList());
    cache.catchUp();

    assertThat(cache.state(guild).standing()).isEqualTo(Standing.UNAVAILABLE);
    assertThat(Differences.of(world, guild, cache.kept(guild))).isEmpty();
    cache.get(world.self(), "/users/@me", Map.of());
    assertThat(FedCache.isTold(cache.get(world.self(), roles(), Map.of()))).isFalse();

    cache.publish(beginning);
    cache.catchUp();

    assertThat(cache.state(guild).standing()).isEqualTo(Standing.AVAILABLE);
    assertThat(FedCache.isTold(cache.get(world.self(), roles(), Map.of()))).isTrue();
  }

  @Test
  void readyOfAnotherBot_isRefused() throws Exception {
    var other = new World(WorldSettings.orderly(2, 3));
    cache.publish(beginning);
    cache.publish(other.begin().stream().filter(GatewayControlTest::isReady).toList());
    cache.catchUp();

    assertThat(cache.dropped()).isEqualTo(1);
    assertThat(cache.app()).isEqualTo(Long.toUnsignedString(world.app()));
    assertThat(new TreeSet<>(cache.guilds())).isEqualTo(world.guilds());
    assertThat(cache.state(guild).standing()).isEqualTo(Standing.AVAILABLE);
  }

  @Test
  void tokenOfAnotherBot_readsNothing() throws Exception {
    cache.publish(beginning);
    cache.catchUp();
    cache.get(world.self() + 1, "/users/@me", Map.of());

    assertThat(FedCache.isTold(cache.get(world.self() + 1, roles(), Map.of()))).isFalse();
    // It names the bot, but Discord did not say that it is right.
    assertThat(FedCache.isTold(cache.get(world.self(), roles(), Map.of()))).isFalse();
    assertThat(FedCache.isTold(cache.get(world.self(), roles(), Map.of()))).isTrue();
  }

  @Test
  void purgedGuild_isNotKept_untilItIsToldAgain() throws Exception {
    cache.publish(beginning);
    assertThat(cache.purge(new Purge.OfGuild(guild))).isTrue();
    cache.publish(
        "GUILD_ROLE_CREATE",
        "{\"guild_id\":\"" + guild + "\",\"role\":{\"id\":\"77\",\"name\":\"late\"}}");
    cache.catchUp();

    assertThat(cache.state(guild)).isEqualTo(GuildState.UNKNOWN);
    assertThat(cache.kept(guild).values()).allMatch(Map::isEmpty);
    assertThat(cache.guilds()).doesNotContain(guild);

    cache.publish(beginning);
    cache.catchUp();

    assertThat(Differences.of(world, guild, cache.kept(guild))).isEmpty();
  }

  @Test
  void purgedUser_isNowhere() throws Exception {
    long user = world.ids(guild, EntityType.MEMBER).last();
    cache.publish(beginning);
    cache.catchUp();
    assertThat(cache.kept(guild).get(EntityType.MEMBER)).containsKey(user);

    assertThat(cache.purge(new Purge.OfUser(user))).isTrue();
    cache.catchUp();

    for (long each : world.guilds()) {
      for (var type : List.of(EntityType.MEMBER, EntityType.PRESENCE, EntityType.VOICE)) {
        assertThat(cache.kept(each).get(type)).as("%s of %d", type, each).doesNotContainKey(user);
      }
    }
    assertThat(FedCache.isTold(cache.get(world.self(), roles(), Map.of()))).isFalse();
  }

  @Test
  void answerOfDiscords_mendsWhatWasMissed() throws Exception {
    long role = world.ids(guild, EntityType.ROLE).last();
    cache.publish(beginning);
    cache.catchUp();
    cache.pass(A_WHILE);

    ask(role, "learnt");

    Eventually.holds("the lesson is applied", () -> role(role).contains("learnt"));
    assertThat(cache.kept(guild).get(EntityType.ROLE))
        .hasSameSizeAs(world.ids(guild, EntityType.ROLE));
  }

  @Test
  void answerOfDiscords_changesNothing_ifTheGatewayToldSomethingNewer() throws Exception {
    long role = world.ids(guild, EntityType.ROLE).last();
    cache.publish(beginning);
    cache.catchUp();
    cache.pass(A_WHILE);
    cache.publish(
        "GUILD_ROLE_UPDATE",
        "{\"guild_id\":\"%d\",\"role\":{\"id\":\"%d\",\"name\":\"told\"}}".formatted(guild, role));
    ask(role, "learnt");
    cache.pass(A_WHILE);
    long another = world.ids(guild, EntityType.ROLE).first();
    ask(another, "learnt");

    Eventually.holds("a later lesson is applied", () -> role(another).contains("learnt"));
    assertThat(role(role)).contains("told");
  }

  /** Has Discord asked for a role, which it says is called so. */
  private void ask(long role, String name) throws Exception {
    cache.discordSays(200, "{\"id\":\"%d\",\"name\":\"%s\"}".formatted(role, name));
    cache.get(world.self(), roles() + "/" + role, Map.of("cache-control", "no-cache"));
  }

  private String role(long role) throws InterruptedException {
    return cache.kept(guild).get(EntityType.ROLE).getOrDefault(role, "");
  }

  private String roles() {
    return "/guilds/" + guild + "/roles";
  }

  private static boolean isReady(WorldEvent event) {
    return event.name().equals("READY");
  }
}
