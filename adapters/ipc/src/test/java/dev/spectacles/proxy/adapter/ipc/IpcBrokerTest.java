package dev.spectacles.proxy.adapter.ipc;

import static dev.spectacles.proxy.application.port.out.BrokerContract.failure;
import static dev.spectacles.proxy.application.port.out.BrokerContract.next;
import static dev.spectacles.proxy.application.port.out.BrokerContract.one;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.Event;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpcBrokerTest {
  private static final String FAILED = "{\"status\":7,\"body\":\"test: no answer\"}";
  private static final String SEND = "{\"event\":\"SEND\",\"data\":{\"guild_id\":\"1\"}}\n";
  private IpcBench bench;

  @BeforeEach
  void prepare() throws IOException {
    bench = new IpcBench(IpcBench.Way.SOCKET);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void reply_keyed_isOneLineAsCallersReadIt() throws Exception {
    var broker = bench.open("a");
    var client = bench.client().send(request("\"01ARZ3\""));
    var answer =
        new ProxyResponse.Http(
            200,
            Headers.empty().with("X-Test", "é"),
            "https://d/u",
            Body.of(new byte[] {0, -1, 10}));

    assertThat(one(broker).reply(answer)).isTrue();

    assertThat(client.line())
        .isEqualTo(
            "{\"event\":\"REQUEST\",\"data\":{\"status\":0,\"body\":{\"status\":200,"
                + "\"headers\":{\"x-test\":\"\\u00E9\"},\"url\":\"https://d/u\","
                + "\"body\":[0,255,10]}},\"key\":\"01ARZ3\"}");
  }

  @Test
  void reply_withoutKey_isNotWritten() throws Exception {
    var broker = bench.open("a");
    var client =
        bench
            .client()
            .send("{\"event\":\"REQUEST\",\"data\":{\"method\":\"GET\",\"path\":\"/a\"}}\n")
            .send(request("7"));

    assertThat(one(broker).reply(failure())).isTrue();
    assertThat(one(broker).reply(failure())).isTrue();

    assertThat(client.line()).isEqualTo(answer(FAILED, "7"));
  }

  @Test
  void otherEventsAndNodesOwn_areIgnored() throws Exception {
    var broker = bench.open("a");
    bench
        .client()
        .send("{\"cmd\":\"NODE_HANDLE\"}\n\n \r\n{\"event\":\"GUILD_CREATE\",\"data\":{}}\n")
        .send(request("1"));

    assertThat(one(broker).request().path().value()).isEqualTo("/users/1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"key":"k","event":"REQUEST","data":[}                 | line: damaged JSON
          {"key":"k","data":{}, "event":7}                       | event: no text
          {"key":"k","event":"REQUEST"}                          | data: missing
          {"key":"k","event":"REQUEST","data":1,"data":2}        | data: twice
          {"key":"k","event":"REQUEST","data":1} x               | line: something follows
          """)
  void unreadable_withKey_isAnswered_andTheStreamGoesOn(String line, String problem)
      throws Exception {
    var broker = bench.open("a");
    var client = bench.client().send(line + "\n" + request("\"next\""));

    assertThat(client.line())
        .startsWith("{\"event\":\"REQUEST\",\"data\":{\"status\":2,\"body\":\"" + problem)
        .endsWith(",\"key\":\"k\"}");
    assertThat(one(broker).reply(failure())).isTrue();
    assertThat(client.line()).endsWith("\"key\":\"next\"}");
  }

  @Test
  void unreadable_withoutKey_isPassedOver() throws Exception {
    var broker = bench.open("a");
    bench.client().send("nonsense\n{\"event\":\n[1]\n").send(request("1"));

    assertThat(one(broker).request().path().value()).isEqualTo("/users/1");
  }

  @Test
  void line_tooLong_isRefusedWhereverItsKeyIs() throws Exception {
    var broker = bench.open("a", 2000);
    String body = "[" + "1,".repeat(200_000) + "1]";
    var client =
        bench
            .client()
            .send("{\"key\":\"first\",\"event\":\"REQUEST\",\"data\":" + body + "}\n")
            .send("{\"event\":\"REQUEST\",\"data\":{\"x\":" + body + "},\"key\":\"last\"}\n")
            .send("{\"event\":\"REQUEST\",\"data\":" + body + "}\n")
            .send(request("\"next\""));

    for (String key : new String[] {"first", "last"}) {
      assertThat(client.line())
          .contains("\"status\":2", " bytes (expected: at most 2000, see ipc.max_line_bytes)")
          .endsWith("\"key\":\"" + key + "\"}");
    }
    assertThat(one(broker).reply(failure())).isTrue();
    assertThat(client.line()).endsWith("\"key\":\"next\"}");
  }

  @Test
  void close_held_tellsItsCallers() throws Exception {
    var broker = bench.open("a");
    var client = bench.client().send(request("1") + request("2") + request("3"));
    Delivery untouched = one(broker);
    Delivery marked = one(broker);
    marked.markSent();
    Eventually.holds("the third was read", () -> broker.backlog().equals(OptionalLong.of(1)));

    broker.close();

    assertThat(untouched.redelivered()).isFalse();
    assertThatThrownBy(() -> marked.reply(failure())).isInstanceOf(BrokerException.class);
    var lines = new TreeSet<String>();
    for (int i = 0; i < 3; i++) {
      String line = client.line();
      lines.add(line.replaceFirst(".*\"body\":\"([a-z ]+):.*\"key\":(.)}", "$2 $1"));
    }
    assertThat(lines).containsExactly("1 not answered", "2 outcome unknown", "3 not answered");
    assertThat(client.line()).isEqualTo(Client.END);
  }

  @Test
  void abandon_held_tellsItsCaller() throws Exception {
    var broker = bench.open("a");
    var client = bench.client().send(request("1"));

    one(broker).abandon();

    assertThat(client.line()).contains("\"status\":7", "not answered");
  }

  @Test
  void drain_thenAsked_refusesAtOnce() throws Exception {
    var broker = bench.open("a");
    broker.drain();

    assertThat(bench.client().send(request("1")).line()).contains("\"status\":7", "\"key\":1}");
    assertThat(bench.connect("a").send(request("2")).line()).contains("\"status\":7");
  }

  @Test
  void client_thatEndsItsInput_getsItsAnswersAndIsHungUpOn() throws Exception {
    var broker = bench.open("a");
    var client = bench.client().send(request("1"));
    client.endInput();

    assertThat(one(broker).reply(failure())).isTrue();

    assertThat(client.line()).isEqualTo(answer(FAILED, "1"));
    assertThat(client.line()).isEqualTo(Client.END);
    assertThat(bench.ended.getCount()).as("only a parent's end is the broker's").isOne();
  }

  @Test
  void client_thatDoesNotRead_isHungUpOn_andHoldsUpNobody() throws Exception {
    var broker = bench.open("a");
    bench.client().send(request("1"));
    Delivery unread = one(broker);
    var large =
        new ProxyResponse.Http(200, Headers.empty(), "https://d", Body.of(new byte[2 << 20]));
    FutureTask<Boolean> stuck = BrokerContract.onThread(() -> unread.reply(large));
    var other = bench.connect("a").send(request("2"));

    assertThat(one(broker).reply(failure())).isTrue();

    assertThat(other.line()).isEqualTo(answer(FAILED, "2"));
    assertThat(stuck.get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(bench.connect("a").send(request("3"))).isNotNull();
    assertThat(one(broker).reply(failure())).isTrue();
  }

  @Test
  void input_isNotReadWhileNobodyReceives() throws Exception {
    var broker = bench.open("a", 100_000);
    String padded = request("1").replace("\"/users/1\"", "\"/" + "a".repeat(50_000) + "\"");
    int many = 100;
    FutureTask<Boolean> sending =
        BrokerContract.onThread(
            () -> {
              for (int i = 0; i < many; i++) {
                bench.client().send(padded);
              }
              return true;
            });

    BrokerContract.pass(Duration.ofMillis(300));
    assertThat(sending.isDone()).as("5 MB read ahead, with room for 100 KB").isFalse();

    for (int i = 0; i < many; i++) {
      one(broker);
    }
    assertThat(sending.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void parent_thatEndsItsInput_endsTheBrokerOnceAllIsTaken() throws Exception {
    try (var piped = new IpcBench(IpcBench.Way.PIPES)) {
      var broker = piped.open("a");
      piped.client().send(request("1") + request("2").strip()).endInput();
      assertThat(piped.ended.await(100, TimeUnit.MILLISECONDS)).isFalse();

      Delivery first = one(broker);
      Delivery second = one(broker);

      assertThat(piped.ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(first.reply(failure())).isTrue();
      assertThat(second.reply(failure())).isTrue();
      assertThat(piped.client().line()).isEqualTo(answer(FAILED, "1"));
      assertThat(piped.client().line()).isEqualTo(answer(FAILED, "2"));
    }
  }

  @Test
  void parent_thatEndsItsInput_endsTheBrokerOnceEventsAreDealtWith() throws Exception {
    try (var piped = new IpcBench(IpcBench.Way.PIPES)) {
      var broker = piped.create("a");
      var stream = broker.events("send", List.of("SEND"));
      broker.start();
      piped.client().send(SEND + SEND).endInput();
      next(stream).ack();
      next(stream).abandon();
      var again = next(stream);
      assertThat(piped.ended.await(100, TimeUnit.MILLISECONDS)).isFalse();

      again.ack();

      assertThat(piped.ended.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void stream_closed_holdsTheEndOfAParentBackNoLonger() throws Exception {
    try (var piped = new IpcBench(IpcBench.Way.PIPES)) {
      var broker = piped.create("a");
      var stream = broker.events("send", List.of("SEND"));
      broker.start();
      piped.client().send(SEND).endInput();
      assertThat(piped.ended.await(100, TimeUnit.MILLISECONDS)).isFalse();

      stream.close();

      assertThat(piped.ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void close_eventsNotDealtWith_tellsHowMany() throws Exception {
    var broker = bench.create("a");
    var stream = broker.events("send", List.of("SEND"));
    broker.start();
    bench.client().send(SEND + SEND + SEND + SEND + request("1"));
    one(broker);
    next(stream).ack();
    next(stream).abandon();
    next(stream);

    try (var log = new CapturedLog(IpcBroker.class)) {
      broker.close();

      assertThat(log.text()).contains("WARN 3 events were not dealt with");
    }
  }

  @Test
  void abandon_event_isTheNextAgain() throws Exception {
    var broker = bench.create("a");
    var stream = broker.events("send", List.of("SEND"));
    broker.start();
    for (byte i = 1; i <= 3; i++) {
      broker.publish("SEND", new byte[] {i});
    }

    next(stream).abandon();

    assertThat(stream.receive(3, Duration.ZERO))
        .extracting(event -> event.payload()[0], Event::redelivered)
        .containsExactly(tuple((byte) 1, true), tuple((byte) 2, false), tuple((byte) 3, false));
  }

  @Test
  void events_ofPeers_reachEverySubscriber() throws Exception {
    var broker = bench.create("a");
    var one = broker.events("one", List.of("SEND", "READY"));
    var two = broker.events("two", List.of("SEND"));
    broker.start();
    bench
        .client()
        .send(
            "{\"event\":\"SEND\",\"data\":{\"guild_id\":\"1\"}}\n"
                + "{\"event\":\"OTHER\",\"data\":1}\n")
        .send("{\"event\":\"READY\",\"data\":{\"type\":\"Buffer\",\"data\":[0,255]}}\n");

    assertThat(next(one).payload()).asString().isEqualTo("{\"guild_id\":\"1\"}");
    assertThat(next(one).payload()).containsExactly(0, -1);
    assertThat(next(two).name()).isEqualTo("SEND");
    assertThat(two.receive(1, Duration.ZERO)).isEmpty();
  }

  @Test
  void publish_reachesEveryPeer_asJsonWhereItIs() throws Exception {
    var broker = bench.open("a");
    var clients = List.of(bench.client(), bench.connect("a"));
    for (var client : clients) {
      client.send(request("1"));
      one(broker).abandon();
      assertThat(client.line()).contains("\"status\":7");
    }

    broker.publish("3", "{\n\"op\": 4}".getBytes(UTF_8));
    broker.publish("4", new byte[] {(byte) 0x81, 0});

    for (var client : clients) {
      assertThat(client.line()).isEqualTo("{\"event\":\"3\",\"data\":{ \"op\": 4}}");
      assertThat(client.line())
          .isEqualTo("{\"event\":\"4\",\"data\":{\"type\":\"Buffer\",\"data\":[129,0]}}");
    }
  }

  @Test
  void publish_subscriberDoesNotTake_isRefused() throws Exception {
    var broker = bench.create("a");
    broker.events("one", List.of("SEND"));
    broker.start();

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                broker.publish("SEND", new byte[] {1});
              }
            })
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("SEND: not taken by a subscriber");
  }

  @Test
  void clients_beyondTheBound_areHungUpOn() throws Exception {
    bench.open("a");
    for (int i = 0; i < 64; i++) {
      bench.connect("a");
    }

    assertThat(bench.connect("a").line()).isEqualTo(Client.END);
  }

  private static String request(String key) {
    return "{\"event\":\"REQUEST\",\"data\":{\"method\":\"POST\",\"path\":\"/users/1\"},\"key\":"
        + key
        + "}\n";
  }

  private static String answer(String data, String key) {
    return "{\"event\":\"REQUEST\",\"data\":" + data + ",\"key\":" + key + "}";
  }
}
