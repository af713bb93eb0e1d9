package dev.spectacles.proxy.adapter.amqp;

import static dev.spectacles.proxy.application.port.out.BrokerContract.SOON;
import static dev.spectacles.proxy.application.port.out.BrokerContract.failure;
import static dev.spectacles.proxy.application.port.out.BrokerContract.onThread;
import static dev.spectacles.proxy.application.port.out.BrokerContract.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import dev.spectacles.proxy.testing.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("amqp")
@NeedsRabbit
final class AmqpRecoveryIT {
  private RabbitServer server;
  private Relay relay;
  private RabbitBench bench;

  @BeforeEach
  void connect() throws Exception {
    server = RabbitServers.required();
    AmqpUrl.Host host = AmqpUrl.parse(server.url()).hosts().getFirst();
    relay = Relay.to(host.name(), host.port());
    bench = new RabbitBench(server, relay.url("amqp"));
  }

  @AfterEach
  void close() throws Exception {
    bench.channel().queueDelete(bench.group + ":feed");
    bench.close();
    relay.close();
  }

  @Test
  void connectionLost_held_isAdoptedAndAnsweredOnce() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    caller.listen();
    Delivery held = one(broker);
    try (var log = new CapturedLog(Outage.class)) {
      relay.cut();
      Eventually.holds("told", () -> log.text().contains("is not reachable"));
      relay.restore();

      held.markSent();
      assertThat(held.reply(failure())).isTrue();

      assertThat(caller.answer(SOON)).contains(failure());
      assertThat(broker.receive(1, Duration.ofMillis(300))).isEmpty();
      Eventually.holds("back", () -> log.text().contains("is reachable again"));
      assertThat(log.text())
          .containsOnlyOnce("is not reachable")
          .containsOnlyOnce("is reachable again");
    }
    broker.close();
    assertThat(bench.ready()).isZero();
  }

  @Test
  void connectionLost_notTakenYet_comesOnce() throws Exception {
    Broker broker = bench.open("a");
    bench.publish("/1");
    Eventually.holds("delivered", () -> bench.ready() == 0);
    try (var log = new CapturedLog(Outage.class)) {
      relay.cut();
      // Until then it can still be taken, and would be adopted.
      Eventually.holds("told", () -> log.text().contains("is not reachable"));
      Eventually.holds("returned", () -> bench.ready() == 1);
      relay.restore();
    }

    Delivery delivery = one(broker);

    assertThat(delivery.request().path().value()).isEqualTo("/1");
    assertThat(delivery.mayHaveBeenSent()).isFalse();
    assertThat(broker.receive(1, Duration.ofMillis(300))).isEmpty();
  }

  @Test
  void connectionLost_markedByTheFormerHolder_isToldToTheNext() throws Exception {
    Broker a = bench.open("a");
    bench.publish("/1");
    bench.publish("/2");
    Delivery marked = one(a);
    Delivery waiting = one(a);
    marked.markSent();
    relay.cut();
    var direct = new RabbitBench.Direct(bench, server.url());
    Broker b = direct.open("b");

    Delivery first = one(b);
    Delivery second = one(b);

    assertThat(first.id()).isEqualTo(marked.id());
    assertThat(first.mayHaveBeenSent()).isTrue();
    assertThatThrownBy(first::markSent).isInstanceOf(BrokerException.class);
    assertThat(second.id()).isEqualTo(waiting.id());
    assertThat(second.mayHaveBeenSent()).isFalse();
    second.markSent();
    b.close();
  }

  /** Its ack was lost with the connection. */
  @Test
  void connectionLost_answeredByTheFormerHolder_isNotAnsweredAgain() throws Exception {
    Broker a = bench.open("a");
    var caller = bench.publish("/1");
    caller.listen();
    one(a).markSent();
    bench.markers.notes.keySet().forEach(bench.markers::answered);
    relay.cut();
    var direct = new RabbitBench.Direct(bench, server.url());
    Broker b = direct.open("b");
    Delivery again = one(b);

    assertThat(again.mayHaveBeenSent()).isTrue();
    assertThat(again.reply(failure())).isTrue();

    b.close();
    assertThat(caller.answer(Duration.ofMillis(300))).isEmpty();
    assertThat(bench.ready()).isZero();
  }

  @Test
  void feed_connectionLost_comesAgainInOrder() throws Exception {
    EventFeed feed = feed(EventFeed.Share.ONE_INSTANCE);
    publish("1", "2", "3", "4");
    EventFeedContract.take(feed, 1);
    EventFeed.Batch held = EventFeedContract.batch(feed, 2);
    try (var log = new CapturedLog(Outage.class)) {
      relay.cut();
      Eventually.holds("told", () -> log.text().contains("is not reachable"));
      relay.restore();
    }

    // The first one too, if its ack was lost; before them the last one, if it had arrived.
    var texts = new ArrayList<>(EventFeedContract.texts(EventFeedContract.batch(feed, 3).events()));
    while (!texts.subList(texts.size() - 3, texts.size()).equals(List.of("2", "3", "4"))) {
      assertThat(texts).hasSizeLessThan(5);
      texts.addAll(EventFeedContract.texts(EventFeedContract.batch(feed, 1).events()));
    }
    assertThatThrownBy(() -> feed.ack(held)).isInstanceOf(BrokerException.class);
  }

  @Test
  void feed_brokerAway_isNotUpToDate() throws Exception {
    EventFeed feed = feed(EventFeed.Share.ONE_INSTANCE);
    assertThat(feed.receive(1, Duration.ofMillis(50)).upToDate()).isTrue();
    try (var log = new CapturedLog(Outage.class)) {
      relay.cut();
      Eventually.holds("told", () -> log.text().contains("is not reachable"));

      assertThat(feed.receive(1, Duration.ofMillis(50)).upToDate()).isFalse();
      relay.restore();
    }

    Eventually.holds("up to date again", () -> feed.receive(1, Duration.ofMillis(50)).upToDate());
  }

  @Test
  void feed_queueDeleted_isAGap() throws Exception {
    EventFeed feed = feed(EventFeed.Share.ONE_INSTANCE);
    publish("1");
    EventFeedContract.take(feed, 1);

    bench.channel().queueDelete(bench.group + ":feed");

    EventFeed.Batch batch = feed.receive(1, SOON);
    assertThat(batch.afterGap()).isTrue();
    assertThat(feed.receive(1, Duration.ZERO).afterGap()).isFalse();
    publish("2");
    assertThat(EventFeedContract.texts(EventFeedContract.take(feed, 1))).containsExactly("2");
  }

  @Test
  void feed_ofEveryInstance_isAGapWhenItsConnectionIsLost() throws Exception {
    EventFeed feed = feed(EventFeed.Share.EVERY_INSTANCE);

    relay.cut();
    relay.restore();

    assertThat(feed.receive(1, SOON).afterGap()).isTrue();
  }

  @Test
  void feed_appInAHeader_isTold() throws Exception {
    EventFeed feed = feed(EventFeed.Share.ONE_INSTANCE);
    bench
        .channel()
        .basicPublish(
            bench.group,
            "ONE",
            new BasicProperties.Builder().headers(Map.of("app", "42")).build(),
            RabbitBench.utf8("1"));

    assertThat(EventFeedContract.take(feed, 1).getFirst().app()).contains("42");
  }

  private EventFeed feed(EventFeed.Share share) throws Exception {
    Broker broker = bench.create("a");
    EventFeed feed = broker.feed("feed", List.of("ONE", "TWO"), share);
    broker.start();
    EventFeed.Batch batch = feed.receive(1, Duration.ZERO);
    while (batch.events().isEmpty()) {
      broker.publish("TWO", RabbitBench.utf8(EventFeedContract.PROBE));
      batch = feed.receive(100, Duration.ofMillis(100));
    }
    while (!batch.events().isEmpty()) {
      feed.ack(batch);
      batch = feed.receive(100, Duration.ofMillis(100));
    }
    return feed;
  }

  private void publish(String... texts) throws Exception {
    for (String text : texts) {
      bench.channel().basicPublish(bench.group, "ONE", null, RabbitBench.utf8(text));
    }
  }

  @Test
  void redelivered_withoutMarkers_mayHaveBeenSent() throws Exception {
    bench.shared = Optional.empty();
    Broker a = bench.open("a");
    bench.publish("/1");
    Delivery first = one(a);
    assertThat(first.mayHaveBeenSent()).isFalse();
    first.markSent();
    a.close();

    assertThat(one(bench.open("b")).mayHaveBeenSent()).isTrue();
  }

  @Test
  void markers_away_theRequestIsNotSent() throws Exception {
    Broker broker = bench.open("a");
    bench.publish("/1");
    Delivery delivery = one(broker);
    bench.markers.away = true;

    assertThatThrownBy(delivery::markSent)
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(delivery.id());
  }

  @Test
  void reply_settled_forgetsTheMarkerOnClosing() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    caller.listen();
    Delivery delivery = one(broker);
    delivery.markSent();
    assertThat(delivery.reply(failure())).isTrue();
    assertThat(bench.markers.notes).hasSize(1);

    broker.close();

    assertThat(bench.markers.notes).isEmpty();
  }

  @Test
  void reply_noneWanted_isSettled() throws Exception {
    Broker broker = bench.open("a");
    bench.publishOnly(new BasicProperties.Builder(), RabbitBench.request("/1", new byte[0]));
    Delivery delivery = one(broker);
    assertThat(delivery.id()).startsWith("a-");

    assertThat(delivery.reply(failure())).isTrue();

    broker.close();
    assertThat(bench.ready()).isZero();
  }

  @Test
  void queueDeleted_goesOnAndAnswersWhatIsHeld() throws Exception {
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    caller.listen();
    Delivery held = one(broker);
    try (var log = new CapturedLog(Consumption.class)) {
      bench.channel().queueDelete(bench.topology.queue(RabbitBench.EVENT));
      Eventually.holds("told", () -> log.text().contains("was deleted"));
      bench.publish("/2");

      assertThat(one(broker).request().path().value()).isEqualTo("/2");
      held.markSent();
      assertThat(held.reply(failure())).isTrue();
      assertThat(caller.answer(SOON)).contains(failure());
      assertThat(log.text()).containsOnlyOnce("was deleted");
    }
  }

  @Test
  void exchange_ofAnotherKind_isToldAndRetried() throws Exception {
    bench.channel().exchangeDeclare(bench.group, BuiltinExchangeType.TOPIC, true);
    try (var log = new CapturedLog(Outage.class)) {
      Broker broker = bench.open("a");
      Eventually.holds("told", () -> log.text().contains("ERROR"));
      bench.channel().exchangeDelete(bench.group);
      bench.publish("/1");

      assertThat(one(broker).request().path().value()).isEqualTo("/1");
      Eventually.holds("over", () -> log.text().contains("is reachable again"));
      assertThat(log.text())
          .containsOnlyOnce("ERROR")
          .contains("exchange " + bench.group)
          .contains("PRECONDITION_FAILED")
          .contains("(expected: direct and durable")
          .contains("delete it");
    }
  }

  @Test
  void memoryAlarm_repliesWaitAndItIsToldOnce() throws Exception {
    RabbitServer ours = RabbitServers.ours();
    Broker broker = bench.open("a");
    var caller = bench.publish("/1");
    var other = bench.publish("/2");
    caller.listen();
    other.listen();
    Delivery first = one(broker);
    Delivery second = one(broker);
    try (var log = new CapturedLog(Publishing.class)) {
      ours.control("set_vm_memory_high_watermark", "0.000001");
      // The broker blocks a connection when it publishes next.
      var reply = onThread(() -> first.reply(failure()));
      Eventually.holds("blocked", () -> log.text().contains("takes no answers"));
      var later = onThread(() -> second.reply(failure()));
      assertThat(other.answer(Duration.ofMillis(300))).isEmpty();

      ours.control("set_vm_memory_high_watermark", "0.6");

      assertThat(reply.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(later.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(caller.answer(SOON)).contains(failure());
      assertThat(other.answer(SOON)).contains(failure());
      assertThat(log.text())
          .containsOnlyOnce("takes no answers for now")
          .containsOnlyOnce("takes answers again");
    } finally {
      ours.control("set_vm_memory_high_watermark", "0.6");
    }
  }

  @Test
  void backlogOfLargeBodies_isReadAsThereIsRoom() throws Exception {
    for (int i = 0; i < 12; i++) {
      bench.publishOnly(new BasicProperties.Builder().messageId("m" + i), new byte[8 << 20]);
    }
    var intake = new Intake(new RealClock(), Optional.empty());
    var settings = AmqpSettings.of(bench.context("a").section());
    try (var connections = new Connections(settings, "a")) {
      Consumption consumption =
          Consumption.open(
              new Consumption.Parts(
                  "requests",
                  connections,
                  bench.topology,
                  1_000,
                  intake,
                  "a",
                  new AtomicLong(),
                  new RealClock()));
      Eventually.holds("full", () -> intake.waitingBytes() >= 16 << 20);

      int taken = 0;
      while (taken < 12) {
        assertThat(intake.waitingBytes()).isLessThanOrEqualTo(40 << 20);
        int now = intake.take(1, SOON).size();
        assertThat(now).isEqualTo(1);
        taken += now;
      }
      assertThat(consumption.close()).isTrue();
    }
  }

  @Test
  void drain_prefetched_goesToOthersAtOnce() throws Exception {
    Broker a = bench.open("a");
    for (int i = 0; i < 5; i++) {
      bench.publish("/" + i);
    }
    Delivery held = one(a);
    Eventually.holds("delivered", () -> bench.ready() == 0);

    a.drain();
    Broker b = bench.open("b");

    for (int i = 1; i < 5; i++) {
      assertThat(one(b).request().path().value()).isEqualTo("/" + i);
    }
    assertThat(held.reply(failure())).isFalse();
  }

  @Test
  void password_wrong_isToldWithoutIt() throws Exception {
    var host = AmqpUrl.parse(server.url()).servers();
    bench.settings = Map.of();
    var wrong = new RabbitBench.Direct(bench, "amqp://nobody:hunter2@" + host);
    try (var log = new CapturedLog(Outage.class, Link.class, Connections.class)) {
      Broker broker = wrong.open("a");
      Eventually.holds("told", () -> log.text().contains("refuses our credentials"));
      broker.close();

      assertThat(log.text())
          .containsOnlyOnce("refuses our credentials")
          .contains("ACCESS_REFUSED")
          .doesNotContain("hunter2", "is not reachable");
    }
    assertThatThrownBy(() -> wrong.client())
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("amqp.url")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void start_brokerAway_servesWhenItComes() throws Exception {
    relay.cut();
    try (var log = new CapturedLog(Outage.class, AmqpBroker.class)) {
      Broker broker = bench.open("a");
      assertThat(broker.receive(1, Duration.ofMillis(100))).isEmpty();
      Eventually.holds("told", () -> log.text().contains("is not reachable"));
      relay.restore();
      bench.publish("/1");

      assertThat(one(broker).request().path().value()).isEqualTo("/1");
      Eventually.holds("connected", () -> log.text().contains("Connected to"));
      assertThat(log.text()).containsOnlyOnce("is not reachable").containsOnlyOnce("Connected to");
    }
  }

  @Test
  void close_brokerAway_isBounded() throws Exception {
    Broker broker = bench.open("a");
    bench.publish("/1");
    one(broker);
    relay.cut();
    long start = System.nanoTime();

    broker.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  void close_afterServing_leavesNoThread() throws Exception {
    Broker broker = bench.open("a");
    var client = bench.client();
    bench.publish("/1");
    one(broker).reply(failure());

    client.close();
    broker.close();

    Eventually.holds(
        "all threads ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("amqp-io")));
  }

  @Test
  void client_call_getsTheAnswer() throws Exception {
    Broker broker = bench.open("a");
    var client = bench.client();
    var call = new Call("GET", "/users/@me", Map.of("a", "b"), Map.of(), Optional.empty());
    var answer = onThread(() -> client.call(call, Duration.ofSeconds(10)));
    Delivery delivery = one(broker);

    assertThat(delivery.request().path().value()).isEqualTo("/users/@me");
    assertThat(delivery.expiry()).isPresent();
    assertThat(delivery.reply(failure())).isTrue();
    assertThat(answer.get(20, TimeUnit.SECONDS)).contains(failure());
    assertThat(client.call(call, Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void client_connectionLost_saysSo() throws Exception {
    var client = bench.client();
    var call = new Call("GET", "/users/@me", Map.of(), Map.of(), Optional.empty());
    var answer = onThread(() -> client.call(call, Duration.ofSeconds(10)));
    Eventually.holds("published", () -> bench.ready() == 1);
    relay.cut();

    assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(BrokerException.class)
        .hasMessageContaining("RabbitMQ at 127.0.0.1");
  }
}
