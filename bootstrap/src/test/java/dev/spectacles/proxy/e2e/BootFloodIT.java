package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.world.SyntheticGuilds;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A large bot's gateways start: every guild comes at once, more of them than the proxy's memory
 * holds. All are kept in Redis, in no more room than is promised.
 */
@Tag("redis")
class BootFloodIT {
  /** Half of what the guilds of the short run would take if they were read all at once. */
  private static final String SMALL_HEAP = "-Xmx384m";

  private static final long MOST_PER_GUILD = 55_000;
  private static final int PAGE = 200;

  /** Beyond that the streams alone would fill a machine's memory: gateways trim them, too. */
  private static final int MOST_WAITING = 5_000;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  @Test
  void twoThousandGuilds_areKept() throws Exception {
    flood(2_000);
  }

  @Test
  @Tag("slow")
  void hundredThousandGuilds_areKept() throws Exception {
    flood(100_000);
  }

  private static void flood(int guilds) throws Exception {
    var world = new SyntheticGuilds(1);
    try (var redis = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port())) {
      long before = used(redis);
      publish(connection, world.ready(List.of()));
      for (int i = 0; i < Math.min(guilds, MOST_WAITING); i += PAGE) {
        page(connection, world);
      }
      Map<String, String> settings = ProxyProcess.settings("redis://" + redis.url(), NOWHERE);
      settings.put("CACHE_GATEWAY_ENABLED", "true");
      try (var proxy = ProxyProcess.startLight(settings, "", SMALL_HEAP)) {
        for (int sent = Math.min(guilds, MOST_WAITING); sent < guilds; sent += PAGE) {
          awaitKept(sent - MOST_WAITING + PAGE, connection, world, proxy);
          connection.command("XTRIM", "GUILD_CREATE", "MAXLEN", MOST_WAITING);
          page(connection, world);
        }
        awaitKept(guilds, connection, world, proxy);
        new GatewayStreams(connection).catchUp(world.app());
        assertThat(proxy.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
      }
      connection.command("DEL", "GUILD_CREATE", "READY");
      assertThat((used(redis) - before) / guilds)
          .as("per guild")
          .isBetween(20_000L, MOST_PER_GUILD);
      allArePresent(connection, world);
    }
  }

  private static void awaitKept(
      int guilds, RespConnection redis, SyntheticGuilds world, ProxyProcess proxy)
      throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (kept(redis, world) < guilds) {
      assertThat(System.nanoTime())
          .as("kept %d of %d: %s", kept(redis, world), guilds, proxy.output())
          .isLessThan(end);
      Until.passes(POLL);
    }
  }

  private static void page(RespConnection redis, SyntheticGuilds world) throws Exception {
    for (int i = 0; i < PAGE; i++) {
      publishLater(redis, world.next());
    }
    for (int i = 0; i < PAGE; i++) {
      redis.read();
    }
  }

  private static void publish(RespConnection redis, WorldEvent event) throws Exception {
    publishLater(redis, event);
    redis.read();
  }

  private static void publishLater(RespConnection redis, WorldEvent event) throws Exception {
    redis.send("XADD", event.name(), "*", "data", event.json().getBytes(UTF_8));
  }

  private static long kept(RespConnection redis, SyntheticGuilds world) throws Exception {
    return (Long) redis.command("ZCARD", "sp1:" + world.app() + ":guilds");
  }

  /** Of a sample, that they are whole. */
  private static void allArePresent(RespConnection redis, SyntheticGuilds world) throws Exception {
    String app = "sp1:" + world.app() + ":";
    for (Object guild : (List<?>) redis.command("ZRANDMEMBER", app + "guilds", 20)) {
      String of = app + "{" + guild + "}:";
      assertThat(redis.command("HGET", of + "meta", "state")).isEqualTo("available");
      assertThat(redis.command("HLEN", of + "channels").toString())
          .isEqualTo(redis.command("HGET", of + "meta", "n_channels"));
      assertThat(redis.command("EXISTS", of + "guild")).isEqualTo(1L);
    }
  }

  private static long used(RedisServers.Server redis) {
    String info = (String) redis.command("INFO", "memory");
    return Long.parseLong(info.replaceAll("(?s).*\\bused_memory:(\\d+).*", "$1"));
  }
}
