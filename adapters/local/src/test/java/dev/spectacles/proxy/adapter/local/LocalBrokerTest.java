package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LocalBrokerTest implements BrokerContract {
  private static final String EVENT = "REQUEST";
  private static final byte[] UNREADABLE = {(byte) 0xC1};

  private final LocalExchange exchange = new LocalExchange(70, 64L << 20);

  @Override
  public Broker create(String instance) {
    return new LocalBroker(exchange, EVENT, patience(), new RealClock());
  }

  @Override
  public Caller publish(Publication publication) {
    byte[] request =
        RequestCodec.encode(
            "POST", publication.path(), Map.of(), Map.of(), Optional.of(publication.body()));
    return caller(exchange.request(EVENT, request, publication.expiry(), System.nanoTime()));
  }

  @Override
  public Caller publishUnreadable() {
    return caller(exchange.request(EVENT, UNREADABLE, Optional.empty(), System.nanoTime()));
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration takeover() {
    return Duration.ofMillis(20);
  }

  @Test
  void age_manualClock_followsIt() throws Exception {
    var clock = new ManualClock();
    var broker = new LocalBroker(exchange, EVENT, Duration.ZERO, clock);
    exchange.request(EVENT, UNREADABLE, Optional.empty(), clock.nanoTime());
    Delivery delivery = BrokerContract.one(broker);

    clock.advance(Duration.ofSeconds(7));

    assertThat(delivery.age()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void exchange_full_refusesUntilThereIsRoom() throws Exception {
    var small = new LocalExchange(2, 1 << 20);
    var broker = new LocalBroker(small, EVENT, Duration.ZERO, new RealClock());
    var events = broker.events("reader", List.of("EVENT"));
    broker.start();
    small.request(EVENT, UNREADABLE, Optional.empty(), 0);
    broker.publish("EVENT", UNREADABLE);

    assertThatThrownBy(() -> small.request(EVENT, UNREADABLE, Optional.empty(), 0))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("2 messages of 130 bytes");
    assertThatThrownBy(() -> broker.publish("EVENT", UNREADABLE))
        .isInstanceOf(BrokerException.class);

    BrokerContract.next(events).ack();
    broker.publish("EVENT", UNREADABLE);
    BrokerContract.one(broker).reply(BrokerContract.failure());
    small.request(EVENT, UNREADABLE, Optional.empty(), 0);
  }

  @Test
  void exchange_tooLarge_isRefusedByItsBytes() {
    var small = new LocalExchange(10, 1_000);

    assertThatThrownBy(() -> small.request(EVENT, new byte[1_000], Optional.empty(), 0))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("<= 10, 1000");
  }

  @Test
  void call_served_getsTheAnswer() throws Exception {
    Broker broker = open("a");
    var client = new LocalRequestClient(exchange, EVENT, new RealClock());
    var call = BrokerContract.onThread(() -> client.call(request(), SOON));
    Delivery delivery = BrokerContract.one(broker);

    assertThat(delivery.request().path().value()).isEqualTo("/users/@me");
    assertThat(delivery.expiry()).isPresent();
    assertThat(delivery.reply(BrokerContract.failure())).isTrue();

    Optional<ProxyResponse> answer = call.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(answer).contains(BrokerContract.failure());
  }

  @Test
  void call_gaveUp_isNotWaitedFor() throws Exception {
    var broker = new LocalBroker(exchange, EVENT, Duration.ofMinutes(10), new RealClock());
    broker.start();
    var client = new LocalRequestClient(exchange, EVENT, new RealClock());
    var call = BrokerContract.onThread(() -> client.call(request(), Duration.ZERO));
    Delivery delivery = BrokerContract.one(broker);

    assertThat(call.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    assertThat(delivery.reply(BrokerContract.failure())).isFalse();
  }

  @Test
  void call_notServedAnyMore_saysSo() {
    Broker broker = open("a");
    var client = new LocalRequestClient(exchange, EVENT, new RealClock());
    broker.close();
    broker.close();

    assertThatThrownBy(() -> client.call(request(), SOON))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("does not serve");
  }

  @Test
  void close_lastBroker_tellsCallersAtOnce() throws Exception {
    Broker broker = open("a");
    Broker other = open("b");
    LocalCaller held = listening();
    BrokerContract.one(broker);
    LocalCaller sent = listening();
    BrokerContract.one(broker).markSent();
    LocalCaller waiting = listening();

    other.close();
    assertThat(waiting.await(Duration.ZERO)).as("one is left").isEmpty();
    broker.close();

    assertThat(problem(held.await(SOON))).startsWith("not answered: the proxy stopped");
    assertThat(problem(sent.await(SOON))).startsWith("outcome unknown: the proxy stopped");
    assertThat(problem(waiting.await(SOON))).startsWith("not answered: the proxy stopped");
    assertThat(open("c").receive(1, Duration.ofMillis(50))).as("what was refused").isEmpty();
  }

  @Test
  void call_lastBrokerCloses_isAnsweredAtOnce() throws Exception {
    Broker broker = open("a");
    var client = new LocalRequestClient(exchange, EVENT, new RealClock());
    var call = BrokerContract.onThread(() -> client.call(request(), Duration.ofMinutes(5)));
    BrokerContract.one(broker);

    broker.close();

    assertThat(problem(call.get(SOON.toSeconds(), TimeUnit.SECONDS))).startsWith("not answered");
  }

  @Test
  void request_publishedAfterTheLastBroker_isRefusedWhenSomebodyListens() throws Exception {
    open("a").close();
    LocalCaller caller = exchange.request(EVENT, UNREADABLE, Optional.empty(), 0);
    exchange.refuseUnserved();
    assertThat(caller.await(Duration.ZERO)).as("nobody is there yet").isEmpty();
    caller.listen();

    exchange.refuseUnserved();

    assertThat(problem(caller.await(SOON))).startsWith("not answered");
  }

  private LocalCaller listening() {
    LocalCaller caller = exchange.request(EVENT, UNREADABLE, Optional.empty(), 0);
    caller.listen();
    return caller;
  }

  private static String problem(Optional<ProxyResponse> answer) {
    assertThat(answer.orElseThrow().status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
    return ((ProxyResponse.Failure) answer.get()).message();
  }

  private static RequestClient.Call request() {
    return new RequestClient.Call("GET", "/users/@me", Map.of(), Map.of(), Optional.empty());
  }

  private static Caller caller(LocalCaller caller) {
    return new Caller() {
      @Override
      public void listen() {
        caller.listen();
      }

      @Override
      public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
        return caller.await(atMost);
      }
    };
  }
}
