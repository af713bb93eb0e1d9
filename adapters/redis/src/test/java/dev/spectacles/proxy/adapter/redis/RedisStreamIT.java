package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEveryServer
final class RedisStreamIT {
  private static final ProxyResponse.Http OK =
      new ProxyResponse.Http(200, Headers.empty(), "https://d/x", Body.of("ok"));

  private final RedisServers.Server server;
  private RedisBench bench;

  RedisStreamIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    bench = bench(Map.of());
  }

  private RedisBench bench(Map<String, String> settings) throws Exception {
    var made = new RedisBench(server, settings);
    made.patience = Duration.ofMillis(200);
    return made;
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void stream_allServed_isEmptied() throws Exception {
    Broker broker = bench.open("a");
    for (int i = 0; i < 300; i++) {
      bench.publish("/" + i);
    }
    var received = new ArrayList<Future<Boolean>>();
    while (received.size() < 300) {
      for (Delivery delivery : BrokerContract.some(broker, 50)) {
        received.add(BrokerContract.onThread(() -> delivery.reply(OK)));
      }
    }

    Eventually.holds("the stream is empty", () -> bench.length() == 0);
    assertThat(bench.pending()).isZero();
    for (Future<Boolean> answer : received) {
      assertThat(answer.get()).as("nobody listened").isFalse();
    }
  }

  @Test
  void trim_anotherGroupBehind_keepsWhatItNeeds() throws Exception {
    Broker broker = bench.open("a");
    var first = bench.publish("/1");
    bench.publish("/2");
    bench.command("XGROUP", "CREATE", bench.event, "audit", "0");
    bench.command("XREADGROUP", "GROUP", "audit", "x", "COUNT", 1, "STREAMS", bench.event, ">");
    serve(broker, 2);
    bench.command("XACK", bench.event, "audit", first.id);

    Eventually.holds("what both are done with is gone", () -> bench.length() == 1);
    bench.command("XREADGROUP", "GROUP", "audit", "x", "COUNT", 1, "STREAMS", bench.event, ">");
    // Delivered but not acked: its consumer may still need it.
    BrokerContract.pass(Duration.ofMillis(350));
    assertThat(bench.length()).isEqualTo(1);
  }

  @Test
  void trim_abandonedGroup_isPassedOver() throws Exception {
    bench.close();
    bench = bench(Map.of("abandoned_group_after", "PT0.3S"));
    bench.publish("/old");
    bench.command("XGROUP", "CREATE", bench.event, "forgotten", "0");
    try (var log = new CapturedLog(Upkeep.class)) {
      Broker broker = bench.open("a");
      serve(broker, 1);

      Eventually.holds("the stream is empty", () -> bench.length() == 0);
      // The trimming is seen here before its thread has told of it.
      Eventually.holds("the log tells of it", () -> log.text().contains("XGROUP DESTROY"));
      assertThat(log.text()).contains("WARN").contains("forgotten");
    }
  }

  @Test
  void trim_ownGroupGone_removesNothing() throws Exception {
    bench.command("XGROUP", "CREATE", bench.event, "other", "0", "MKSTREAM");
    bench.publish("/1");
    bench.command("XREADGROUP", "GROUP", "other", "x", "NOACK", "STREAMS", bench.event, ">");
    Session session =
        Session.open(RedisSettings.of(bench.context("c").section()), bench.context("c"), 1, 0);
    bench.command("XGROUP", "DESTROY", bench.event, bench.group);

    session.commands().trim(Duration.ofHours(1));
    session.close();

    assertThat(bench.length()).isEqualTo(1);
  }

  @Test
  void reply_scriptsFlushedMeanwhile_isSettled() throws Exception {
    Broker broker = bench.open("a");
    bench.publish("/1");
    serve(broker, 1);
    bench.command("SCRIPT", "FLUSH");
    bench.publish("/2");

    serve(broker, 1);

    assertThat(bench.pending()).isZero();
  }

  @Test
  void close_nothingPending_removesTheConsumer() throws Exception {
    Broker a = bench.open("a");
    Broker b = bench.open("b");
    bench.publish("/1");
    serve(a, 1);
    b.receive(1, Duration.ofMillis(300));
    bench.publish("/2");
    Delivery held = BrokerContract.one(b);

    a.close();
    b.close();

    assertThat(consumers()).containsExactly("b");
    assertThat(held.id()).isNotEmpty();
    assertThat(bench.pending()).isEqualTo(1);
  }

  @Test
  void sweep_deadConsumers_removesThoseWithoutEntries() throws Exception {
    Broker broker = bench.open("a");
    broker.receive(1, Duration.ofMillis(500));
    bench.publish("/1");
    String read = "XREADGROUP";
    bench.command(read, "GROUP", bench.group, "dead-busy", "STREAMS", bench.event, ">");
    bench.command("XGROUP", "CREATECONSUMER", bench.event, bench.group, "dead-idle");
    BrokerContract.pass(Duration.ofMillis(30));
    Session session =
        Session.open(RedisSettings.of(bench.context("c").section()), bench.context("c"), 1, 0);

    long swept = session.commands().sweep(Duration.ofMillis(20));
    session.close();

    assertThat(swept).isGreaterThanOrEqualTo(1);
    assertThat(consumers()).contains("dead-busy").doesNotContain("dead-idle");
  }

  @Test
  void claim_entryDeletedMeanwhile_isAckedAndPassedOver() throws Exception {
    bench.command("XGROUP", "CREATE", bench.event, bench.group, "0", "MKSTREAM");
    var deleted = bench.publish("/deleted");
    bench.publish("/kept");
    bench.command("XREADGROUP", "GROUP", bench.group, "dead", "STREAMS", bench.event, ">");
    bench.command("XDEL", bench.event, deleted.id);

    Broker broker = bench.open("a");
    Delivery delivery = BrokerContract.one(broker);

    assertThat(delivery.request().path().value()).isEqualTo("/kept");
    assertThat(delivery.redelivered()).isTrue();
    delivery.reply(OK);
    Eventually.holds("nothing is pending", () -> bench.pending() == 0);
  }

  @Test
  void groupDestroyed_whileServing_goesOnWithoutServingTwice() throws Exception {
    Broker broker = bench.open("a");
    bench.publish("/1");
    serve(broker, 1);
    bench.command("XGROUP", "DESTROY", bench.event, bench.group);
    bench.publish("/2");

    Delivery next = BrokerContract.one(broker);

    assertThat(next.request().path().value()).isEqualTo("/2");
  }

  @Test
  void takenOver_whilePaused_neitherSendsNorSettles() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    claimFor("other", caller.id);

    assertThatThrownBy(delivery::markSent)
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("taken over");
    caller.listen();
    assertThat(delivery.reply(OK)).isTrue();

    assertThat(caller.answer(BrokerContract.SOON)).contains(OK);
    assertThat(bench.pending()).isEqualTo(1);
  }

  @Test
  void takenOver_heartbeat_noticesAndLeavesItAlone() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    claimFor("other", caller.id);

    Eventually.holds("noticed", ((RedisDelivery) delivery)::isLost);

    assertThatThrownBy(() -> delivery.reply(BrokerContract.failure()))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("taken over");
    assertThat(owner(caller.id)).isEqualTo("other");
  }

  @Test
  void takenOverAndSettled_byAnother_isNotSentAgain() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    claimFor("other", caller.id);
    bench.command("XACK", bench.event, bench.group, caller.id);

    assertThatThrownBy(delivery::markSent).isInstanceOf(BrokerException.class);
  }

  @Test
  void deletedWhileHeld_byAForeignTrim_isStillServed() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    bench.command("XTRIM", bench.event, "MAXLEN", "=", 0);
    BrokerContract.pass(RedisBench.MIN_IDLE);

    delivery.markSent();
    caller.listen();
    assertThat(delivery.reply(OK)).isTrue();

    assertThat(caller.answer(BrokerContract.SOON)).contains(OK);
  }

  @Test
  void marker_answered_isRemoved() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    Delivery delivery = BrokerContract.one(broker);
    String marker = "sp:sent:{" + bench.event + "}:" + caller.id;

    delivery.markSent();

    assertThat((Long) bench.command("TTL", marker)).isBetween(86_000L, 86_400L);
    delivery.reply(OK);
    assertThat(bench.command("EXISTS", marker)).isEqualTo(0L);
  }

  @Test
  void fields_strange_areToleratedOrRefused() throws Exception {
    Broker broker = bench.open("a");
    bench.publishRaw("payload", "x", "timeout_at", "soon");

    Delivery delivery = BrokerContract.one(broker);

    assertThatThrownBy(delivery::request)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("data: missing");
    assertThat(delivery.expiry()).isEmpty();
    assertThat(delivery.reply(OK)).isFalse();
  }

  @Test
  void age_oldEntry_isByTheServersClock() throws Exception {
    List<?> time = (List<?>) bench.command("TIME");
    long old = Long.parseLong((String) time.get(0)) * 1000 - 600_000;
    bench.command("XADD", bench.event, old + "-0", "data", "x");
    Broker broker = bench.open("a");

    assertThat(BrokerContract.one(broker).age())
        .isBetween(Duration.ofSeconds(598), Duration.ofSeconds(660));
  }

  private void serve(Broker broker, int count) throws InterruptedException {
    int served = 0;
    while (served < count) {
      for (Delivery delivery : BrokerContract.some(broker, count)) {
        delivery.reply(OK);
        served++;
      }
    }
  }

  private void claimFor(String consumer, String id) {
    bench.command("XCLAIM", bench.event, bench.group, consumer, 0, id);
  }

  private Object owner(String id) {
    List<?> found = (List<?>) bench.command("XPENDING", bench.event, bench.group, id, id, 1);
    return ((List<?>) found.getFirst()).get(1);
  }

  private List<String> consumers() {
    List<?> found = (List<?>) bench.command("XINFO", "CONSUMERS", bench.event, bench.group);
    return found.stream().map(consumer -> (String) ((List<?>) consumer).get(1)).toList();
  }
}
