package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.application.port.out.EventStream;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEveryServer
final class RedisEventsIT {
  private final String send = "SEND-" + UUID.randomUUID();
  private final String other = "OTHER-" + UUID.randomUUID();
  private final RedisServers.Server server;
  private RedisBench bench;

  RedisEventsIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    bench = new RedisBench(server, Map.of());
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void publish_event_isAnEntryWithItsData() throws Exception {
    Broker broker = bench.open("a");

    broker.publish(send, RedisBench.utf8("payload"));

    var entry = (List<?>) ((List<?>) bench.command("XRANGE", send, "-", "+")).getFirst();
    assertThat((List<?>) entry.get(1)).isEqualTo(List.of("data", "payload"));
  }

  @Test
  void publish_eventThatIsUsefulForATime_removesOlderOnes() throws Exception {
    Broker broker = bench.open("a");
    var time = (List<?>) bench.command("TIME");
    long now = Long.parseLong(time.getFirst().toString()) * 1_000;
    long hour = Duration.ofHours(1).toMillis();
    bench.command("XADD", send, (now - 2 * hour) + "-0", "data", "old");
    bench.command("XADD", send, (now - hour / 2) + "-0", "data", "young");

    broker.publish(send, RedisBench.utf8("none removed"));
    assertThat(bench.command("XLEN", send)).isEqualTo(3L);

    broker.publish(send, RedisBench.utf8("new"), Duration.ofHours(1));
    assertThat(String.valueOf(bench.command("XRANGE", send, "-", "+")))
        .contains("young", "none removed", "new")
        .doesNotContain("old");
  }

  @Test
  void subscriber_new_getsNothingOld() throws Exception {
    add(send, "old");
    EventStream stream = subscribe("a");
    add(send, "new");

    assertThat(text(BrokerContract.next(stream))).isEqualTo("new");
  }

  @Test
  void subscriber_ofItsOwnGroup_robsNobody() throws Exception {
    bench.command("XGROUP", "CREATE", send, bench.group, "0", "MKSTREAM");
    EventStream stream = subscribe("a");
    add(send, "1");
    BrokerContract.next(stream).ack();

    Object read = bench.command("XREADGROUP", "GROUP", bench.group, "real", "STREAMS", send, ">");

    assertThat(String.valueOf(read)).contains("data, 1");
  }

  @Test
  void event_unacked_comesAgainAfterMinIdle() throws Exception {
    EventStream stream = subscribe("a");
    add(send, "1");
    Event first = BrokerContract.next(stream);

    Event again = BrokerContract.next(stream);

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.redelivered()).isTrue();
    again.ack();
    assertThat(stream.receive(1, RedisBench.MIN_IDLE.multipliedBy(2))).isEmpty();
  }

  @Test
  void events_acked_areTrimmed() throws Exception {
    EventStream stream = subscribe("a");
    for (int i = 0; i < 150; i++) {
      add(send, "" + i);
    }
    add(other, "1");
    int taken = 0;
    while (taken < 151) {
      for (Event event : stream.receive(20, BrokerContract.SOON)) {
        event.ack();
        taken++;
      }
    }

    Eventually.holds("both streams are empty", () -> length(send) + length(other) == 0);
  }

  @Test
  void events_anotherGroupBehind_stayForIt() throws Exception {
    bench.command("XGROUP", "CREATE", send, "real", "0", "MKSTREAM");
    EventStream stream = subscribe("a");
    add(send, "1");
    BrokerContract.next(stream).ack();

    BrokerContract.pass(Duration.ofMillis(350));

    assertThat(length(send)).isEqualTo(1);
  }

  @Test
  void receive_severalStreams_respectsAtMostAndStarvesNone() throws Exception {
    EventStream stream = subscribe("a");
    for (int i = 0; i < 40; i++) {
      add(send, "send");
    }
    add(other, "other");

    var texts = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      List<Event> some = stream.receive(4, BrokerContract.SOON);
      assertThat(some).hasSizeBetween(1, 4);
      some.forEach(event -> texts.add(text(event)));
      List<Event> single = stream.receive(1, BrokerContract.SOON);
      assertThat(single).hasSize(1);
      texts.add(text(single.getFirst()));
    }

    assertThat(texts).contains("other");
  }

  @Test
  void groupDestroyed_whileServing_goesOnWhereItWas() throws Exception {
    EventStream stream = subscribe("a");
    add(send, "1");
    BrokerContract.next(stream).ack();
    bench.command("XGROUP", "DESTROY", send, bench.group + "-reader");
    add(send, "2");

    assertThat(text(BrokerContract.next(stream))).isEqualTo("2");
  }

  @Test
  void entry_withoutData_isAnEmptyEvent() throws Exception {
    EventStream stream = subscribe("a");
    bench.command("XADD", send, "*", "payload", "x");

    assertThat(BrokerContract.next(stream).payload()).isEmpty();
  }

  @Test
  void requests_besideEvents_areServed() throws Exception {
    Broker broker = bench.create("a");
    EventStream stream = broker.events("reader", List.of(send, other));
    broker.start();
    var waiting = BrokerContract.onThread(() -> stream.receive(1, BrokerContract.SOON));
    bench.publish("/1");

    assertThat(BrokerContract.one(broker).request().path().value()).isEqualTo("/1");
    broker.publish(other, RedisBench.utf8("x"));
    assertThat(waiting.get()).hasSize(1);
  }

  private EventStream subscribe(String instance) throws InterruptedException {
    Broker broker = bench.create(instance);
    EventStream stream = broker.events("reader", List.of(send, other));
    broker.start();
    broker.publish("CONNECTED", RedisBench.utf8("x"));
    return stream;
  }

  private void add(String stream, String text) {
    bench.command("XADD", stream, "*", "data", text);
  }

  private long length(String stream) {
    return (Long) bench.command("XLEN", stream);
  }

  private static String text(Event event) {
    return new String(event.payload(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
