package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("redis")
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("binaries")
final class RedisTopologyIT {
  @TempDir private Path directory;
  private final RedisServers.Binary binary;

  RedisTopologyIT(RedisServers.Binary binary) {
    this.binary = binary;
  }

  static List<RedisServers.Binary> binaries() {
    return RedisServers.all();
  }

  @Test
  void cluster_ofOneNode_serves() throws Exception {
    try (var server = startCluster(binary)) {
      String url = "redis+cluster://" + server.url();
      serveOne(new RedisBench(server, url, Map.of()));
      keepOne(url);
    }
  }

  /** Node that has all slots. */
  static RedisServers.Server startCluster(RedisServers.Binary binary) throws Exception {
    // The bus takes the port 10000 above, so the usual range of free ports is too high.
    int port = 20_000 + RedisServers.freePort() % 20_000;
    var server =
        binary.startOn(
            port,
            "--cluster-enabled",
            "yes",
            "--cluster-announce-ip",
            "127.0.0.1",
            "--cluster-config-file",
            "nodes.conf");
    var slots = new Object[16_386];
    slots[0] = "CLUSTER";
    slots[1] = "ADDSLOTS";
    for (int i = 0; i < 16_384; i++) {
      slots[i + 2] = i;
    }
    server.command(slots);
    Eventually.holds(
        "the cluster is up",
        () -> ((String) server.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
    return server;
  }

  @Test
  void sentinel_ofOnePrimary_serves() throws Exception {
    int port = RedisServers.freePort();
    Path config = directory.resolve("sentinel.conf");
    try (var server = binary.start()) {
      Files.writeString(
          config,
          "port "
              + port
              + "\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 "
              + server.port()
              + " 1\n");
      Process sentinel =
          new ProcessBuilder(binary.path().toString(), config.toString(), "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("sentinel.log").toFile())
              .start();
      try {
        String url = "redis+sentinel://127.0.0.1:" + port + "/main";
        serveOne(new RedisBench(server, url, Map.of()));
      } finally {
        sentinel.destroyForcibly().waitFor();
      }
    }
  }

  /** A cluster refuses what is not on one node, also if it has no other. */
  private static void keepOne(String url) throws Exception {
    var settings = RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", url)));
    var client = RedisConnections.limiter(settings, "topology");
    try {
      var tags = new RedisCacheTags(() -> client);
      Generation one = tags.current(List.of("all", "one")).getLast();
      tags.bump(List.of("one", "two"));
      List<Generation> after = tags.current(List.of("all", "one", "two"));
      assertThat(after).hasSize(3);
      assertThat(after.get(0).sinceBump()).isEmpty();
      assertThat(after.get(1).value()).isNotEqualTo(one.value());
      assertThat(after.get(2).sinceBump()).isPresent();
    } finally {
      RedisConnections.close(client);
    }
    try (var answers =
        new RedisResponseStore(settings, "topology", 1_000, new RealClock()).start()) {
      assertThat(answers.awaitConnection(Duration.ofSeconds(10))).isTrue();
      for (int i = 0; i < 10; i++) {
        var key = new CacheKey("anon", "hash" + i);
        answers.put(key, new byte[i], Duration.ofMinutes(1));
        assertThat(answers.get(key)).hasValue(new byte[i]);
      }
      assertThat(answers.usage().entries()).isEqualTo(10);
    }
  }

  private static void serveOne(RedisBench bench) throws Exception {
    try {
      Broker a = bench.create("a");
      EventStream events = a.events("reader", List.of("ONE", "TWO"));
      EventFeed one = a.feed("one", List.of("TWO", "ONE"), EventFeed.Share.ONE_INSTANCE);
      EventFeed every = a.feed("every", List.of("TWO", "ONE"), EventFeed.Share.EVERY_INSTANCE);
      a.start();
      var caller = bench.publish("/1");
      Delivery delivery = BrokerContract.one(a);
      delivery.markSent();
      caller.listen();
      assertThat(delivery.reply(BrokerContract.failure())).isTrue();
      assertThat(caller.answer(BrokerContract.SOON)).contains(BrokerContract.failure());
      Eventually.holds("trimmed", () -> bench.length() == 0);

      a.publish("ONE", new byte[] {1});
      BrokerContract.pass(Duration.ofMillis(2));
      a.publish("TWO", new byte[] {2});
      for (EventFeed feed : List.of(one, every)) {
        assertThat(EventFeedContract.take(feed, 2))
            .extracting(EventFeed.Fed::name)
            .containsExactly("ONE", "TWO");
      }
      assertThat(List.of(BrokerContract.next(events).name(), BrokerContract.next(events).name()))
          .containsExactlyInAnyOrder("ONE", "TWO");

      bench.publish("/2");
      BrokerContract.one(a).markSent();
      a.close();
      Broker b = bench.open("b");
      assertThat(BrokerContract.one(b).mayHaveBeenSent()).isTrue();
      assertThat(b.receive(1, Duration.ofMillis(10))).isEmpty();
    } finally {
      bench.close();
    }
  }
}
