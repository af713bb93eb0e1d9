package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import dev.spectacles.proxy.simulator.world.WorldSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two instances share what they keep; whoever keeps the events is killed at random points of a
 * flood, again and again. What is kept then is what a single one keeps that nobody kills.
 */
@Tag("redis")
class GatewayKillIT {
  private static final int GUILDS = 40;
  private static final int EVENTS = 6_000;
  private static final int KILLS = 5;
  private static final int LONGEST_DELAY = 100;
  private static final long SEED = 5;
  private static final String LEADS = "this instance keeps the gateway's events from now on";
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  /** What differs from run to run: who wrote it, and until when there was nothing new. */
  private static final Set<String> OF_A_RUN = Set.of("leader", "write", "caught_up_ms");

  /** What is past when all is told: how much of it is left depends on where batches ended. */
  private static final String BURIALS = ":tomb";

  private final World world = new World(WorldSettings.unruly(SEED, GUILDS));
  private final List<ProxyProcess> instances = new CopyOnWriteArrayList<>();

  @Test
  void killedLeaders_leaveTheSameBehindAsOneThatLives() throws Exception {
    List<WorldEvent> events = history();
    long later = System.currentTimeMillis() - world.millis() - 1_000;
    try (var redis = RedisServers.embedded().start();
        var calm = RedisServers.embedded().start();
        var connection = new RespConnection(redis.port());
        var calmConnection = new RespConnection(calm.port())) {
      var streams = new GatewayStreams(connection);
      var calmStreams = new GatewayStreams(calmConnection);
      calmStreams.publishAt(events, later);
      try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor();
          var single = start(calm)) {
        instances.add(start(redis));
        Future<?> second = starts.submit(() -> instances.add(start(redis)));
        var random = new Random(SEED);
        int portion = events.size() / KILLS + 1;
        int interrupted = 0;
        for (int from = 0; from < events.size(); from += portion) {
          second.get();
          Until.holds("one leads", () -> leader().findAny().isPresent());
          List<WorldEvent> flood = events.subList(from, Math.min(from + portion, events.size()));
          streams.publishAt(flood, later);
          interrupted += killLeader(connection, random.nextInt(LONGEST_DELAY)) > 0 ? 1 : 0;
          second = starts.submit(() -> instances.add(start(redis)));
        }
        assertThat(interrupted).as("kills in the middle of work").isPositive();
        second.get();
        streams.catchUp(world.app());
        calmStreams.catchUp(world.app());

        assertThat(single.output()).doesNotContain("ERROR");
        long end = world.millis() + later;
        assertThat(content(connection, end)).isEqualTo(content(calmConnection, end));
      } finally {
        instances.forEach(ProxyProcess::close);
      }
    }
  }

  private List<WorldEvent> history() {
    var events = new ArrayList<>(world.begin());
    while (events.size() < EVENTS) {
      events.addAll(world.step());
    }
    events.addAll(world.settle());
    return events;
  }

  private static ProxyProcess start(RedisServers.Server redis) throws InterruptedException {
    Map<String, String> settings = ProxyProcess.settings("redis://" + redis.url(), NOWHERE);
    settings.put("CACHE_GATEWAY_ENABLED", "true");
    return ProxyProcess.startLight(settings, "");
  }

  /** Kills it after this time; what it left behind. */
  private long killLeader(RespConnection connection, int afterMillis) throws Exception {
    ProxyProcess leader = leader().findAny().orElseThrow();
    Until.passes(Duration.ofMillis(afterMillis));
    leader.kill();
    instances.remove(leader);
    long inHand = inHand(connection);
    long unread = unread(connection);
    System.out.printf("killed: entries in hand %d, unread %d%n", inHand, unread);
    // Its lease would be over in 10 s.
    for (Object lease : (List<?>) connection.command("KEYS", "sp1:feed:*:leader")) {
      connection.command("DEL", lease);
    }
    return inHand + unread;
  }

  private Stream<ProxyProcess> leader() {
    return instances.stream().filter(instance -> instance.output().contains(LEADS));
  }

  private static long inHand(RespConnection redis) throws IOException {
    long all = 0;
    for (Group group : groups(redis)) {
      all += group.pending();
    }
    return all;
  }

  private static long unread(RespConnection redis) throws IOException {
    long all = 0;
    for (Group group : groups(redis)) {
      String after = "(" + group.delivered();
      all += ((List<?>) redis.command("XRANGE", group.stream(), after, "+")).size();
    }
    return all;
  }

  private record Group(String stream, long pending, String delivered) {}

  private static List<Group> groups(RespConnection redis) throws IOException {
    var groups = new ArrayList<Group>();
    for (Object stream : (List<?>) redis.command("KEYS", "[A-Z]*_*")) {
      for (Object found : (List<?>) redis.command("XINFO", "GROUPS", stream)) {
        var fields = (List<?>) found;
        groups.add(new Group(stream.toString(), (Long) fields.get(5), fields.get(7).toString()));
      }
    }
    return groups;
  }

  /** All that is documented, by key, and burials that are not over at this time. */
  private static Map<String, Object> content(RespConnection redis, long millis) throws IOException {
    var content = new TreeMap<String, Object>();
    for (Object found : (List<?>) redis.command("KEYS", "sp1:[0-9]*")) {
      String key = found.toString();
      switch (redis.command("TYPE", key).toString()) {
        case "string" -> content.put(key, redis.command("GET", key));
        case "hash" -> content.put(key, hash((List<?>) redis.command("HGETALL", key)));
        case "set" -> content.put(key, new TreeSet<>((List<?>) redis.command("SMEMBERS", key)));
        case "zset" -> content.put(key, redis.command("ZRANGE", key, "0", "-1", "WITHSCORES"));
        default -> throw new AssertionError(key + ": of a type that is not documented");
      }
    }
    for (String key : List.copyOf(content.keySet())) {
      if (key.endsWith(BURIALS)) {
        var burials = (Map<?, ?>) content.get(key);
        burials.values().removeIf(until -> Long.parseLong(until.toString()) <= millis);
        content.values().removeIf(Map.of()::equals);
      }
    }
    assertThat(content).hasSizeGreaterThan(GUILDS * 5);
    return content;
  }

  private static Map<String, String> hash(List<?> fields) {
    var hash = new TreeMap<String, String>();
    for (int i = 0; i < fields.size(); i += 2) {
      hash.put(fields.get(i).toString(), fields.get(i + 1).toString());
    }
    hash.keySet().removeAll(OF_A_RUN);
    return hash;
  }
}
