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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast one instance keeps what it finds in streams that were filled before, and what a guild
 * takes in Redis: snapshots of new guilds of the usual size, the same again, then small events
 * about them. Rounds of that: the first is what a process does that has just started, the median is
 * of the last ones. Prints, asserts nothing. {@code mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class GatewayIngestBenchmark {
  private static final int GUILDS = 1_000;
  private static final int SMALL = 20_000;

  private static final int ROUNDS = 16;
  private static final int MEASURED_ROUNDS = 5;

  /** Events per second, and microseconds of processors' time for each. */
  private record Measured(String what, double perSecond, double proxy, double redis) {
    void print(String when) {
      System.out.printf(
          "| %s, %s | %,.0f | %.0f us | %.0f us |%n", what, when, perSecond, proxy, redis);
    }
  }

  private static final int PAGE = 200;
  private static final List<String> STREAMS = List.of("GUILD_CREATE", "VOICE_STATE_UPDATE");
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
  private static final Duration POLL = Duration.ofMillis(5);

  private final SyntheticGuilds guilds = new SyntheticGuilds(1);
  private final List<Long> ids = new ArrayList<>();
  private final List<List<Measured>> rounds = new ArrayList<>();

  @Test
  void snapshotsAndSmallEvents() throws Exception {
    try (var redis = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port())) {
      Map<String, String> settings = ProxyProcess.settings("redis://" + redis.url(), NOWHERE);
      settings.put("CACHE_GATEWAY_ENABLED", "true");
      settings.put("CACHE_GATEWAY_APP", Long.toString(guilds.app()));
      try (var proxy = ProxyProcess.start(settings)) {
        System.out.println("| what | per second | CPU of the proxy | CPU of Redis |");
        System.out.println("|---|---|---|---|");
        for (int round = 0; round < ROUNDS; round++) {
          List<WorldEvent> snapshots = snapshots();
          rounds.add(
              List.of(
                  measure("new guilds", proxy, connection, snapshots),
                  measure("the same guilds again", proxy, connection, snapshots),
                  measure("small events", proxy, connection, small())));
        }
        rounds.getFirst().forEach(measured -> measured.print("first"));
        for (int kind = 0; kind < rounds.getFirst().size(); kind++) {
          int which = kind;
          rounds.subList(ROUNDS - MEASURED_ROUNDS, ROUNDS).stream()
              .map(round -> round.get(which))
              .sorted(Comparator.comparingDouble(Measured::perSecond))
              .skip(MEASURED_ROUNDS / 2)
              .findFirst()
              .orElseThrow()
              .print("median");
        }
        System.out.printf("bytes per guild in Redis: %,d%n", bytesPerGuild(connection));
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
    return events;
  }

  /** Somebody's voice state changes, all over the guilds. */
  private List<WorldEvent> small() {
    var events = new ArrayList<WorldEvent>();
    for (int i = 0; i < SMALL; i++) {
      long guild = ids.get(i % ids.size());
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

  /** The instance stands still while the streams are filled, for less time than it leads. */
  private static Measured measure(
      String what, ProxyProcess proxy, RespConnection redis, List<WorldEvent> events)
      throws Exception {
    proxy.pause();
    fill(redis, events);
    double cpu = cpuSeconds(proxy.pid());
    double redisCpu = cpuSeconds(redis);
    long start = System.nanoTime();
    proxy.resume();
    while (left(redis) > 0) {
      Until.passes(POLL);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (String stream : STREAMS) {
      redis.command("XTRIM", stream, "MAXLEN", "0");
    }
    return new Measured(
        what,
        events.size() / seconds,
        (cpuSeconds(proxy.pid()) - cpu) * 1e6 / events.size(),
        (cpuSeconds(redis) - redisCpu) * 1e6 / events.size());
  }

  private static double cpuSeconds(RespConnection redis) throws IOException {
    var info = (String) redis.command("INFO", "cpu");
    double sum = 0;
    for (String field : List.of("used_cpu_user", "used_cpu_sys")) {
      sum += Double.parseDouble(info.replaceAll("(?s).*\\b" + field + ":([\\d.]+).*", "$1"));
    }
    return sum;
  }

  private static double cpuSeconds(long pid) {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElseThrow()
            .toMillis()
        / 1e3;
  }

  private static long left(RespConnection redis) throws IOException {
    long left = 0;
    for (String stream : STREAMS) {
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
    return bytes / ids.size();
  }
}
