package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import dev.spectacles.proxy.simulator.world.Fidelity;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's events over Redis, and what the proxy answers from them. */
@Tag("redis")
class GatewayCacheIT {
  private static final WorldSpec SPEC = new WorldSpec(11, 3, 2, false);
  private static final long SECONDS = 20;

  private static final int STEPS = 300;

  private final World world = asItIs();
  private final long guild = world.guilds().first();
  private final String roles = "/guilds/" + guild + "/roles";
  private final String bot = GatewayStreams.authorization(world.self(), "secret");
  @TempDir private Path directory;
  private RedisServers.Server redis;
  private SimulatorProcess discord;
  private ProxyProcess proxy;
  private Worker worker;
  private RespConnection connection;
  private GatewayStreams gateway;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServers.embedded().start();
    discord = SimulatorProcess.start(Scenarios.unlimited().toBuilder().world(SPEC).build());
    Map<String, String> settings = ProxyProcess.settings(url(), discord.apiUrl());
    settings.put("CACHE_GATEWAY_ENABLED", "true");
    settings.put("CACHE_GATEWAY_ANSWER", "prefer");
    proxy = ProxyProcess.startLight(settings, "");
    worker = new Worker(url());
    connection = new RespConnection(redis.port());
    gateway = new GatewayStreams(connection);
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    worker.close();
    proxy.close();
    discord.close();
    redis.close();
  }

  /** The simulator's, when all is told. */
  private static World asItIs() {
    var world = new World(LiveWorld.settings(SPEC));
    world.begin();
    for (int i = 0; i < STEPS; i++) {
      world.step();
    }
    world.settle();
    return world;
  }

  @Test
  void toldWorld_isAnsweredFrom_shownAndPurged() throws Exception {
    gateway.publish(discord.move(LiveWorld.Move.BEGIN, 1));
    gateway.publish(discord.move(LiveWorld.Move.STEP, STEPS));
    gateway.publish(discord.move(LiveWorld.Move.SETTLE, 1));
    gateway.catchUp(world.app());

    answersAfterDiscordAcceptedTheToken();
    desk_showsTheBotsWorld_toTheBot();
    purge_removesAGuild();
    assertThat(proxy.output()).doesNotContain("ERROR").doesNotContain("Exception");
  }

  private void answersAfterDiscordAcceptedTheToken() throws Exception {
    var first = get(roles, bot);
    assertThat(isTold(first)).isFalse();
    assertThat(requests()).isEqualTo(1);

    var second = get(roles, bot);
    assertThat(isTold(second)).as(second.headers().joined().toString()).isTrue();
    assertThat(second.headers().first("age")).isPresent();
    assertThat(Fidelity.faithfulDifferences(roles, first.body().utf8(), second.body().utf8()))
        .isEmpty();
    assertThat(requests()).isEqualTo(1);

    // Anybody can write the bot's id into a token.
    var stranger = get(roles, GatewayStreams.authorization(world.self(), "made-up"));
    assertThat(isTold(stranger)).isFalse();
    assertThat(requests()).isEqualTo(2);
  }

  private void desk_showsTheBotsWorld_toTheBot() throws Exception {
    var guilds = get("/@cache/guilds", bot);
    assertThat(guilds.code()).isEqualTo(200);
    for (long each : world.guilds()) {
      assertThat(guilds.body().utf8()).contains(Long.toString(each));
    }
    var channels = get("/@cache/guilds/" + guild + "/channels", bot);
    assertThat(channels.headers().first("x-spectacles-guild-state")).contains("available");
    for (long channel : world.ids(guild, EntityType.CHANNEL)) {
      assertThat(channels.body().utf8()).contains("\"" + channel + "\"");
    }
    String other = GatewayStreams.authorization(world.self() + 1, "secret");
    assertThat(get("/@cache/guilds", other).code()).isEqualTo(403);
    assertThat(requests()).isEqualTo(2);
  }

  private void purge_removesAGuild() throws Exception {
    var line = new CommandLine(directory).set("REDIS_URL", url());
    var purged = line.run("cache", "purge", "--guild", Long.toString(guild));
    assertThat(purged.exitCode()).as(purged.err()).isZero();

    String keys = "sp1:" + world.app() + ":{" + guild + "}:*";
    Until.holds("it is gone", () -> ((List<?>) connection.command("KEYS", keys)).isEmpty());
    Until.holds("it is not answered from", () -> !isTold(get(roles, bot)));
    var stats = line.run("cache", "stats");
    assertThat(stats.exitCode()).as(stats.err()).isZero();
    assertThat(stats.out()).contains("gateway", "bytes").doesNotContain("secret");
  }

  private ProxyResponse.Http get(String path, String authorization) throws InterruptedException {
    return worker.publish(Worker.get(path).header("Authorization", authorization)).http(SECONDS);
  }

  /** How often Discord was asked for the roles. */
  private long requests() {
    return discord.ledger().stream().filter(entry -> entry.path().endsWith(roles)).count();
  }

  private static boolean isTold(ProxyResponse.Http answer) {
    return answer.headers().first("cache-status").filter(it -> it.contains("gateway")).isPresent();
  }

  private String url() {
    return "redis://" + redis.url();
  }
}
