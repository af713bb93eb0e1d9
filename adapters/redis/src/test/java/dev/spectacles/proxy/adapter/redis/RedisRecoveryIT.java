package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import dev.spectacles.proxy.testing.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Isolated // it looks at the threads of all
@Tag("redis")
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("binaries")
final class RedisRecoveryIT {
  private final RedisServers.Binary binary;
  private RedisServers.Server server;
  private RedisBench bench;

  RedisRecoveryIT(RedisServers.Binary binary) {
    this.binary = binary;
  }

  static List<RedisServers.Binary> binaries() {
    return RedisServers.all();
  }

  @AfterEach
  void close() throws Exception {
    if (bench != null) {
      bench.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void start_serverAway_servesWhenItComes() throws Exception {
    start(Map.of());
    server.stop();
    try (var log = new CapturedLog(Outage.class, RedisBroker.class)) {
      Broker broker = bench.open("a");

      assertThat(broker.receive(1, Duration.ofMillis(100))).isEmpty();
      Eventually.holds("told", () -> log.text().contains("is not reachable"));
      server.startAgain();
      bench.publish("/1");

      assertThat(BrokerContract.one(broker).request().path().value()).isEqualTo("/1");
      assertThat(log.text()).containsOnlyOnce("is not reachable").containsOnlyOnce("Connected to");
    }
  }

  @Test
  void restart_withItsData_losesNothing() throws Exception {
    start(Map.of(), "--appendonly", "yes", "--appendfsync", "always");
    Broker broker = bench.open("a");
    var held = bench.publish("/held");
    Delivery first = BrokerContract.one(broker);
    bench.publish("/waiting");

    server.kill();
    server.startAgain();

    held.listen();
    first.markSent();
    assertThat(first.reply(BrokerContract.failure())).isTrue();
    assertThat(held.answer(BrokerContract.SOON)).contains(BrokerContract.failure());
    assertThat(BrokerContract.one(broker).request().path().value()).isEqualTo("/waiting");
    assertThat(bench.pending()).isEqualTo(1);
  }

  @Test
  void restart_withoutItsData_stillAnswersAndGoesOn() throws Exception {
    start(Map.of());
    Broker broker = bench.open("a");
    var held = bench.publish("/held");
    Delivery first = BrokerContract.one(broker);

    server.kill();
    server.startAgain();
    bench.publish("/new");

    Delivery next = BrokerContract.one(broker);
    assertThat(next.request().path().value()).isEqualTo("/new");
    held.listen();
    first.markSent();
    assertThat(first.reply(BrokerContract.failure())).isTrue();
    assertThat(held.answer(BrokerContract.SOON)).contains(BrokerContract.failure());
    assertThat(next.reply(BrokerContract.failure())).isFalse();
  }

  @Test
  void feed_restartWithItsData_goesOn() throws Exception {
    start(Map.of(), "--appendonly", "yes", "--appendfsync", "always");
    Broker broker = bench.create("a");
    EventFeed feed = broker.feed("feed", List.of("ONE", "TWO"), EventFeed.Share.ONE_INSTANCE);
    broker.start();
    bench.command("XADD", "ONE", "*", "data", "1");
    assertThat(EventFeedContract.texts(EventFeedContract.take(feed, 1))).containsExactly("1");
    bench.command("XADD", "TWO", "*", "data", "2");
    EventFeed.Batch held = EventFeedContract.batch(feed, 1);
    var waiting = BrokerContract.onThread(() -> EventFeedContract.batch(feed, 1));

    server.kill();
    server.startAgain();
    bench.command("XADD", "ONE", "*", "data", "3");

    assertThat(EventFeedContract.texts(waiting.get(20, TimeUnit.SECONDS).events()))
        .containsExactly("3");
    feed.ack(held);
    feed.release();
    assertThat(EventFeedContract.texts(EventFeedContract.take(feed, 1))).containsExactly("3");
  }

  @Test
  void feed_serverAway_isNotUpToDate() throws Exception {
    start(Map.of());
    Broker broker = bench.create("a");
    EventFeed feed = broker.feed("feed", List.of("ONE", "TWO"), EventFeed.Share.ONE_INSTANCE);
    assertThat(feed.receive(1, Duration.ofMillis(1)).upToDate()).as("not started").isFalse();
    broker.start();
    bench.command("XADD", "ONE", "*", "data", "1");
    EventFeedContract.take(feed, 1);
    assertThat(feed.receive(1, Duration.ofMillis(50)).upToDate()).isTrue();

    server.kill();

    assertThat(feed.receive(1, Duration.ofMillis(50)).upToDate()).isFalse();
    assertThat(feed.receive(1, Duration.ZERO).upToDate()).isFalse();
    server.startAgain();
  }

  @Test
  void feed_restartWithoutItsData_isAGap() throws Exception {
    start(Map.of());
    for (var share : EventFeed.Share.values()) {
      Broker broker = bench.create(share.name());
      EventFeed feed = broker.feed("feed", List.of("ONE", "TWO"), share);
      broker.start();
      bench.command("XADD", "ONE", "*", "data", "1");
      EventFeedContract.take(feed, 1);
      var waiting = BrokerContract.onThread(() -> feed.receive(1, BrokerContract.SOON));

      server.kill();
      server.startAgain();

      assertThat(waiting.get(20, TimeUnit.SECONDS).afterGap()).isTrue();
      bench.command("XADD", "TWO", "*", "data", "2");
      assertThat(EventFeedContract.texts(EventFeedContract.take(feed, 1))).containsExactly("2");
      broker.close();
      bench.command("DEL", "ONE", "TWO");
    }
  }

  @Test
  void reply_serverAway_isOfferedWhenItIsBack() throws Exception {
    start(Map.of(), "--appendonly", "yes", "--appendfsync", "always");
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    try (var log = new CapturedLog(Outage.class)) {
      server.kill();
      FutureTask<Boolean> reply =
          BrokerContract.onThread(() -> delivery.reply(BrokerContract.failure()));
      BrokerContract.pass(Duration.ofMillis(1500));
      server.startAgain();
      caller.listen();

      assertThat(caller.answer(BrokerContract.SOON)).contains(BrokerContract.failure());
      assertThat(reply.get(20, TimeUnit.SECONDS)).isTrue();
      Eventually.holds("nothing is pending", () -> bench.pending() == 0);
      assertThat(log.text())
          .containsOnlyOnce("is not reachable: Connection refused; trying again")
          .containsOnlyOnce("is reachable again");
    }
  }

  @Test
  void close_serverAway_isBounded() throws Exception {
    start(Map.of());
    Broker broker = bench.open("a");
    bench.publish("/1");
    BrokerContract.one(broker);
    server.kill();
    long start = System.nanoTime();

    broker.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  void password_wrong_isToldWithoutIt() throws Exception {
    server = binary.start("--requirepass", "correct-horse");
    String url = "redis://:hunter2@127.0.0.1:" + server.port();
    try (var log = new CapturedLog(Outage.class, Session.class, Link.class)) {
      var settings = Map.of("url", url);
      var section = new MapSection(RedisSettings.keys(), settings);
      var context = TestContexts.of(section, "a");
      Broker broker = new RedisBrokerProvider().open(context);
      broker.start();
      Eventually.holds("told", () -> log.text().contains("refuses our credentials"));
      broker.close();

      assertThat(log.text()).doesNotContain("hunter2").containsIgnoringCase("password");
      assertThatThrownBy(() -> new RedisBrokerProvider().connect(context))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("127.0.0.1:" + server.port())
          .hasMessageNotContaining("hunter2")
          .hasNoCause();
    }
  }

  @Test
  void passwordAndDatabase_inTheUrl_areUsed() throws Exception {
    server = binary.start("--requirepass", "p@ss/w");
    var values = Map.of("url", "redis://:p%40ss%2Fw@127.0.0.1:" + server.port() + "/3");
    Broker broker =
        new RedisBrokerProvider()
            .open(TestContexts.of(new MapSection(RedisSettings.keys(), values), "a"));
    broker.start();
    assertThat(broker.receive(1, Duration.ofSeconds(1))).isEmpty();

    try (var raw = new RespConnection(server.port())) {
      raw.command("AUTH", "p@ss/w");
      Eventually.holds("the stream is in database 3", () -> streamIn(raw, 3));
      assertThat(streamIn(raw, 0)).isFalse();
    }
    broker.close();
  }

  @Test
  void evictionPolicy_notNoeviction_isToldOnce() throws Exception {
    start(Map.of(), "--maxmemory-policy", "allkeys-lru");
    try (var log = new CapturedLog(Session.class)) {
      bench.open("a").receive(1, Duration.ofSeconds(1));

      assertThat(log.text()).contains("WARN").contains("maxmemory-policy: allkeys-lru");
    }
  }

  @Test
  void close_afterServing_leavesNoThread() throws Exception {
    start(Map.of());
    Broker warm = bench.open("warm");
    warm.receive(1, Duration.ofMillis(300));
    warm.close();
    Broker broker = bench.open("a");
    bench.client().close();
    bench.publish("/1");
    BrokerContract.one(broker).reply(BrokerContract.failure());
    broker.close();

    Eventually.holds("all threads ended", () -> redisThreads().isEmpty());
  }

  /** Redisson, interrupted at that, would leave its threads. */
  @Test
  void close_whileConnecting_leavesNoThread() throws Exception {
    server = binary.start();
    try (var relay = Relay.to(server.port())) {
      relay.delay(Duration.ofMillis(300));
      var section = new MapSection(RedisSettings.keys(), Map.of("url", relay.url("redis")));
      Broker broker = new RedisBrokerProvider().open(TestContexts.of(section, "a"));
      broker.start();
      Eventually.holds("connecting", () -> !redisThreads().isEmpty());

      broker.close();

      relay.delay(Duration.ZERO);
      Eventually.holds("all threads ended", () -> redisThreads().isEmpty());
    }
  }

  @Test
  void client_call_getsTheAnswer() throws Exception {
    start(Map.of());
    Broker broker = bench.open("a");
    var client = bench.client();
    var call = new Call("GET", "/users/@me", Map.of("a", "b"), Map.of(), Optional.empty());
    var answer = BrokerContract.onThread(() -> client.call(call, Duration.ofSeconds(10)));
    Delivery delivery = BrokerContract.one(broker);

    assertThat(delivery.request().path().value()).isEqualTo("/users/@me");
    assertThat(delivery.expiry()).isPresent();
    assertThat(delivery.reply(BrokerContract.failure())).isTrue();
    assertThat(answer.get(20, TimeUnit.SECONDS)).contains(BrokerContract.failure());
    assertThat(client.call(call, Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void client_serverAway_saysSo() throws Exception {
    start(Map.of());
    var client = bench.client();
    server.kill();
    var call = new Call("GET", "/users/@me", Map.of(), Map.of(), Optional.empty());

    assertThatThrownBy(() -> client.call(call, Duration.ofSeconds(1)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("Redis at " + server.url());
    assertThatThrownBy(() -> new RedisBrokerProvider().connect(bench.context("c")))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("not reachable")
        .hasMessageContaining("redis.url");
  }

  private void start(Map<String, String> settings, String... options) throws Exception {
    server = binary.start(options);
    bench = new RedisBench(server, settings);
    bench.patience = Duration.ofSeconds(1);
  }

  private static boolean streamIn(RespConnection raw, int database) throws Exception {
    raw.command("SELECT", database);
    return Long.valueOf(1).equals(raw.command("EXISTS", TestContexts.EVENT));
  }

  private static List<String> redisThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("redis"))
        .toList();
  }
}
