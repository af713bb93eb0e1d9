package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.world.SyntheticGuilds;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast one instance keeps what it finds in streams that were filled before, and what a guild
 * takes in Redis: snapshots of guilds of the usual size, then small events about them. Prints,
 * asserts nothing. {@code mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class GatewayIngestBenchmark {
  private static final int GUILDS = 1_000;
  private static final int SMALL = 50_000;
  private static final int RUNS = 3;
  private static final int PAGE = 200;
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
  private static final Duration POLL = Duration.ofMillis(5);

  private final SyntheticGuilds guilds = new SyntheticGuilds(1);
  private final List<Long> ids = new ArrayList<>();

  @Test
  void snapshotsAndSmallEvents() throws Exception {
    List<WorldEvent> snapshots = snapshots();
    try (var redis = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port())) {
      Map<String, String> settings = ProxyProcess.settings("redis://" + redis.url(), NOWHERE);
      settings.put("CACHE_GATEWAY_ENABLED", "true");
      System.out.println("| what | events | per second |");
      System.out.println("|---|---|---|");
      for (int run = 0; run < RUNS; run++) {
        fill(connection, snapshots);
        measure("guild snapshots", settings, connection, snapshots.size());
        if (run == 0) {
          System.out.printf("bytes per guild in Redis: %d%n", bytesPerGuild(connection));
        }
        fill(connection, small());
        measure("small events", settings, connection, SMALL);
      }
    }
  }

  private List<WorldEvent> snapshots() {
    var events = new ArrayList<WorldEvent>();
    for (int i = 0; i < GUILDS; i++) {
      WorldEvent event = guilds.next();
      events.add(event);
      String json = event.json();
      int from = json.indexOf("\"id\":\"") + 6;
      ids.add(Long.parseLong(json.substring(from, json.indexOf('"', from))));
    }
    events.addFirst(guilds.ready(ids));
    return events;
  }

  /** Somebody's voice state changes, all over the guilds. */
  private List<WorldEvent> small() {
    var events = new ArrayList<WorldEvent>();
    for (int i = 0; i < SMALL; i++) {
      long guild = ids.get(i % GUILDS);
      String json =
          "{\"guild_id\":\"%d\",\"channel_id\":\"%d\",\"user_id\":\"%d\",\"session_id\":\"%d\",\"mute\":%b,\"deaf\":false}"
              .formatted(guild, guild + 1, 1_000 + i % 7, i, i % 2 == 0);
      events.add(new WorldEvent("VOICE_STATE_UPDATE", json, i));
    }
    return events;
  }

  private static void fill(RespConnection redis, List<WorldEvent> events) throws IOException {
    for (int from = 0; from < events.size(); from += PAGE) {
      List<WorldEvent> page = events.subList(from, Math.min(events.size(), from + PAGE));
      for (WorldEvent event : page) {
        redis.send("XADD", event.name(), "*", "data", event.json().getBytes(UTF_8));
      }
      for (int i = 0; i < page.size(); i++) {
        redis.read();
      }
    }
  }

  /** From when the instance begins to lead until everything is acked. */
  private void measure(String what, Map<String, String> settings, RespConnection redis, int events)
      throws Exception {
    long start = 0;
    try (var proxy = ProxyProcess.start(settings)) {
      Until.holds("it leads", () -> proxy.output().contains("keeps the gateway's events"));
      start = System.nanoTime();
      while (left(redis) > 0) {
        Until.passes(POLL);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("| %s | %d | %.0f |%n", what, events, events / seconds);
      proxy.terminate(Duration.ofSeconds(20));
    }
  }

  private static long left(RespConnection redis) throws IOException {
    long left = 0;
    for (String stream : List.of("READY", "GUILD_CREATE", "VOICE_STATE_UPDATE")) {
      if (redis.command("EXISTS", stream).equals(0L)) {
        continue;
      }
      List<?> groups = (List<?>) redis.command("XINFO", "GROUPS", stream);
      var last = (List<?>) redis.command("XINFO", "STREAM", stream);
      var group = groups.isEmpty() ? List.of() : (List<?>) groups.getFirst();
      boolean delivered =
          !group.isEmpty()
              && last.get(last.indexOf("last-generated-id") + 1)
                  .equals(group.get(group.indexOf("last-delivered-id") + 1));
      left += delivered ? (Long) group.get(group.indexOf("pending") + 1) : 1;
    }
    return left;
  }

  private long bytesPerGuild(RespConnection redis) throws IOException {
    long bytes = 0;
    for (Object key : (List<?>) redis.command("KEYS", "sp1:*")) {
      bytes += (Long) redis.command("MEMORY", "USAGE", key, "SAMPLES", "0");
    }
    return bytes / GUILDS;
  }
}
