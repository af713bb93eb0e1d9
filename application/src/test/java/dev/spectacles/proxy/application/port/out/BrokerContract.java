package dev.spectacles.proxy.application.port.out;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Broker} promises; one test class per implementation implements it. */
public interface BrokerContract {
  /** Longer than anything here takes on a busy machine. */
  Duration SOON = Duration.ofSeconds(20);

  /** Broker of the test's group, not started; closed by the test class in the end. */
  Broker create(String instance);

  /** Broker of the test's group, started. */
  default Broker open(String instance) {
    Broker broker = create(instance);
    broker.start();
    return broker;
  }

  /** Publishes a request whose caller does not listen yet. */
  Caller publish(Publication publication);

  /** Publishes what is no request. */
  Caller publishUnreadable();

  /** For how long the brokers offer an answer. */
  Duration patience();

  /** How long a delivery may lie untouched before another instance takes it over. */
  Duration takeover();

  /**
   * Whether what an instance leaves behind goes to another; where there is no other that could get
   * it, the implementation's own tests say what becomes of it.
   */
  default boolean redelivers() {
    return true;
  }

  /** Whether a publisher can put an expiry beside the payload. */
  default boolean carriesExpiry() {
    return true;
  }

  /** Whether it can tell how many requests wait. */
  default boolean tellsBacklog() {
    return true;
  }

  /** Request as a worker publishes it: POST, to be recognised by its path. */
  record Publication(String path, byte[] body, Optional<Instant> expiry) {
    static Publication of(String path) {
      return new Publication(path, new byte[0], Optional.empty());
    }
  }

  /** Worker that waits for one answer. */
  interface Caller {
    void listen() throws InterruptedException;

    /** Goes away without an answer; nothing where not to listen is enough. */
    default void leave() {}

    Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException;
  }

  @Test
  default void receive_published_deliversTheRequest() throws Exception {
    Broker broker = open("a");
    publish(new Publication("/channels/1/messages", "hello".getBytes(UTF_8), Optional.empty()));

    Delivery delivery = one(broker);

    assertThat(delivery.request().method().name()).isEqualTo("POST");
    assertThat(delivery.request().path().value()).isEqualTo("/channels/1/messages");
    assertThat(delivery.request().body().utf8()).isEqualTo("hello");
    assertThat(delivery.size()).isPositive();
    assertThat(delivery.redelivered()).isFalse();
    assertThat(delivery.mayHaveBeenSent()).isFalse();
    assertThat(delivery.expiry()).isEmpty();
    assertThat(delivery.age()).isBetween(Duration.ZERO, SOON);
  }

  @Test
  default void receive_nothingPublished_returnsEmptyAfterTheWait() throws Exception {
    Broker broker = open("a");
    warmUp(broker);

    assertThat(broker.receive(1, Duration.ofMillis(30))).isEmpty();
    assertThat(broker.receive(1, Duration.ZERO)).isEmpty();
  }

  @Test
  default void receive_atMost_isRespected() throws Exception {
    Broker broker = open("a");
    for (int i = 0; i < 5; i++) {
      publish(Publication.of("/" + i));
    }

    var all = new ArrayList<Delivery>();
    while (all.size() < 5) {
      List<Delivery> some = broker.receive(2, SOON);
      assertThat(some).hasSizeBetween(1, 2);
      all.addAll(some);
    }
    assertThat(all).extracting(Delivery::id).doesNotHaveDuplicates();
    assertThatThrownBy(() -> broker.receive(0, SOON)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void receive_oneProducer_keepsItsOrder() throws Exception {
    Broker broker = open("a");
    for (int i = 0; i < 60; i++) {
      publish(Publication.of("/" + i));
    }

    var paths = new ArrayList<String>();
    while (paths.size() < 60) {
      for (Delivery delivery : some(broker, 7)) {
        paths.add(delivery.request().path().value());
      }
    }
    for (int i = 0; i < 60; i++) {
      assertThat(paths.get(i)).isEqualTo("/" + i);
    }
  }

  @Test
  default void receive_twoInstances_deliversOnce() throws Exception {
    Broker a = open("a");
    Broker b = open("b");
    warmUp(a);
    warmUp(b);
    for (int i = 0; i < 20; i++) {
      publish(Publication.of("/" + i));
    }

    var ids = new ArrayList<String>();
    while (ids.size() < 20) {
      a.receive(3, Duration.ofMillis(50)).forEach(delivery -> ids.add(delivery.id()));
      b.receive(3, Duration.ofMillis(50)).forEach(delivery -> ids.add(delivery.id()));
    }
    assertThat(ids).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  default void reply_callerListens_reachesIt() throws Exception {
    Broker broker = open("a");
    Caller caller = publish(Publication.of("/users/1"));
    caller.listen();
    var answer =
        new ProxyResponse.Http(
            200, Headers.empty().with("x-test", "1"), "https://d/api/v10/users/1", Body.of("ok"));

    assertThat(one(broker).reply(answer)).isTrue();

    assertThat(caller.answer(SOON)).contains(answer);
    assertThat(broker.receive(1, Duration.ofMillis(50))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 30, 120, 500})
  default void reply_callerListensLate_reachesIt(int millis) throws Exception {
    Broker broker = open("a");
    Caller caller = publish(Publication.of("/users/1"));
    Delivery delivery = one(broker);

    FutureTask<Boolean> reply = onThread(() -> delivery.reply(failure()));
    pass(Duration.ofMillis(millis));
    caller.listen();

    assertThat(caller.answer(SOON)).contains(failure());
    assertThat(reply.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  default void reply_nobodyListens_givesUpAndSettles() throws Exception {
    Broker broker = open("a");
    Caller caller = publish(Publication.of("/users/1"));
    Delivery delivery = one(broker);
    caller.leave();
    long start = System.nanoTime();

    assertThat(delivery.reply(failure())).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(patience().plus(SOON));
    broker.close();
    assertThat(open("b").receive(1, takeover().multipliedBy(2))).isEmpty();
  }

  @Test
  default void request_unreadable_isRefusedAndCanBeAnswered() throws Exception {
    Broker broker = open("a");
    Caller caller = publishUnreadable();
    caller.listen();
    Delivery delivery = one(broker);

    assertThatThrownBy(delivery::request)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_REQUEST_FORMAT));
    assertThat(delivery.reply(failure())).isTrue();
    assertThat(caller.answer(SOON)).contains(failure());
  }

  @Test
  default void close_unanswered_isRedelivered() throws Exception {
    demand(redelivers(), "it has nobody to redeliver to");
    Broker a = open("a");
    Caller caller = publish(Publication.of("/users/1"));
    Delivery first = one(a);
    a.close();
    Broker b = open("b");

    Delivery second = one(b);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.redelivered()).isTrue();
    assertThat(second.mayHaveBeenSent()).isFalse();
    caller.listen();
    assertThat(second.reply(failure())).isTrue();
    assertThat(caller.answer(SOON)).contains(failure());
  }

  @Test
  default void markSent_thenClose_tellsTheNextHolder() throws Exception {
    demand(redelivers(), "it has nobody to redeliver to");
    Broker a = open("a");
    publish(Publication.of("/users/1"));
    Delivery first = one(a);
    first.markSent();
    first.markSent();
    a.close();

    Delivery second = one(open("b"));

    assertThat(second.redelivered()).isTrue();
    assertThat(second.mayHaveBeenSent()).isTrue();
  }

  @Test
  default void close_held_refusesWhatOnlyTheHolderMayDo() throws Exception {
    Broker a = open("a");
    publish(Publication.of("/users/1"));
    Delivery held = one(a);

    a.close();

    assertThatThrownBy(held::markSent).isInstanceOf(BrokerException.class);
    assertThatThrownBy(() -> held.reply(failure())).isInstanceOf(BrokerException.class);
  }

  @Test
  default void abandon_held_isRedeliveredToAnother() throws Exception {
    demand(redelivers(), "it has nobody to redeliver to");
    Broker a = open("a");
    Caller caller = publish(Publication.of("/users/1"));
    Delivery first = one(a);

    first.abandon();
    Delivery second = one(open("b"));

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.redelivered()).isTrue();
    assertThat(second.mayHaveBeenSent()).isFalse();
    caller.listen();
    assertThat(second.reply(failure())).isTrue();
    assertThat(caller.answer(SOON)).contains(failure());
  }

  @Test
  default void held_longerThanTakeover_staysWithItsHolder() throws Exception {
    // A broker that hands requests out unasked may have given it to either.
    Broker holder = open("a");
    Broker other = open("b");
    warmUp(other);
    Caller caller = publish(Publication.of("/users/1"));
    Optional<Delivery> taken = Optional.empty();
    while (taken.isEmpty()) {
      Broker next = other;
      other = holder;
      holder = next;
      taken = holder.receive(1, Duration.ofMillis(250)).stream().findFirst();
    }

    assertThat(other.receive(1, takeover().multipliedBy(3))).isEmpty();

    caller.listen();
    taken.get().markSent();
    assertThat(taken.get().reply(failure())).isTrue();
    assertThat(caller.answer(SOON)).contains(failure());
  }

  @Test
  default void drain_whileReceiving_returnsAndStaysEmpty() throws Exception {
    Broker broker = open("a");
    warmUp(broker);
    Caller caller = publish(Publication.of("/users/1"));
    Delivery held = one(broker);
    FutureTask<List<Delivery>> receiving = onThread(() -> broker.receive(1, SOON));

    broker.drain();

    assertThat(receiving.get(SOON.toSeconds() / 2, TimeUnit.SECONDS)).isEmpty();
    publish(Publication.of("/users/2"));
    assertThat(broker.receive(1, Duration.ofMillis(50))).isEmpty();
    caller.listen();
    assertThat(held.reply(failure())).isTrue();
  }

  @Test
  default void expiry_published_isDelivered() throws Exception {
    demand(carriesExpiry(), "its messages carry no expiry");
    Broker broker = open("a");
    Instant expiry = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    publish(new Publication("/users/1", new byte[0], Optional.of(expiry)));

    assertThat(one(broker).expiry()).contains(expiry);
  }

  @Test
  default void body_tenMebibytes_goesBothWays() throws Exception {
    Broker broker = open("a");
    byte[] large = new byte[10 << 20];
    Arrays.fill(large, (byte) 0xA5);
    Caller caller = publish(new Publication("/large", large, Optional.empty()));
    caller.listen();
    Delivery delivery = one(broker);

    assertThat(delivery.size()).isGreaterThanOrEqualTo(large.length);
    assertThat(delivery.request().body().bytes()).isEqualTo(large);
    var answer = new ProxyResponse.Http(200, Headers.empty(), "https://d/large", Body.of(large));
    assertThat(delivery.reply(answer)).isTrue();
    assertThat(caller.answer(SOON)).contains(answer);
  }

  @Test
  default void publish_subscriberOnTwoInstances_reachesOneOfThemOnce() throws Exception {
    Broker a = create("a");
    Broker b = create("b");
    EventStream toA = a.events("reader", List.of("EVENT"));
    EventStream toB = b.events("reader", List.of("EVENT"));
    connect(a);
    connect(b);
    for (int i = 0; i < 20; i++) {
      a.publish("EVENT", new byte[] {(byte) i});
    }

    var payloads = new ArrayList<Integer>();
    long start = System.nanoTime();
    while (payloads.size() < 20 && System.nanoTime() - start < SOON.toNanos()) {
      for (EventStream stream : List.of(toA, toB)) {
        for (Event event : stream.receive(3, Duration.ofMillis(50))) {
          assertThat(event.name()).isEqualTo("EVENT");
          assertThat(event.redelivered()).isFalse();
          payloads.add((int) event.payload()[0]);
          event.ack();
        }
      }
    }
    assertThat(payloads).hasSize(20).doesNotHaveDuplicates();
    assertThat(toA.receive(1, takeover().multipliedBy(2))).isEmpty();
  }

  @Test
  default void publish_anyBytes_arriveAsTheyAre() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    var all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }

    broker.publish("EVENT", all);

    assertThat(next(stream).payload()).isEqualTo(all);
  }

  @Test
  default void events_severalNames_areTold() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("ONE", "TWO"));
    connect(broker);

    broker.publish("ONE", new byte[] {1});
    broker.publish("OTHER", new byte[] {3});
    broker.publish("TWO", new byte[] {2});

    var found = new ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      Event event = next(stream);
      found.add(event.name() + event.payload()[0]);
      event.ack();
    }
    assertThat(found).containsExactlyInAnyOrder("ONE1", "TWO2");
    assertThat(stream.receive(5, Duration.ofMillis(50))).isEmpty();
  }

  @Test
  default void events_twoSubscribers_eachGetsAll() throws Exception {
    Broker broker = create("a");
    EventStream one = broker.events("one", List.of("EVENT"));
    EventStream two = broker.events("two", List.of("EVENT"));
    connect(broker);

    broker.publish("EVENT", new byte[] {1});

    assertThat(next(one).payload()).containsExactly(1);
    assertThat(next(two).payload()).containsExactly(1);
    assertThat(broker.receive(1, Duration.ofMillis(50))).as("no request").isEmpty();
  }

  @Test
  default void events_oneName_keepTheirOrder() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    for (int i = 0; i < 30; i++) {
      broker.publish("EVENT", new byte[] {(byte) i});
    }

    for (int i = 0; i < 30; i++) {
      Event event = next(stream);
      assertThat(event.payload()).containsExactly(i);
      event.ack();
    }
  }

  @Test
  default void close_unackedEvent_isRedelivered() throws Exception {
    demand(redelivers(), "it has nobody to redeliver to");
    Broker a = create("a");
    EventStream toA = a.events("reader", List.of("EVENT"));
    connect(a);
    a.publish("EVENT", new byte[] {1});
    a.publish("EVENT", new byte[] {2});
    next(toA).ack();
    Event unacked = next(toA);
    a.close();
    Broker b = create("b");
    EventStream toB = b.events("reader", List.of("EVENT"));
    connect(b);

    Event again = next(toB);

    assertThat(again.payload()).containsExactly(2);
    assertThat(again.redelivered()).isTrue();
    assertThatThrownBy(unacked::ack).isInstanceOf(BrokerException.class);
    again.ack();
    assertThat(toB.receive(1, takeover().multipliedBy(2))).isEmpty();
  }

  @Test
  default void abandon_event_comesAgain() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    broker.publish("EVENT", new byte[] {1});
    next(stream).abandon();

    Event again = next(stream);

    assertThat(again.name()).isEqualTo("EVENT");
    assertThat(again.payload()).containsExactly(1);
    assertThat(again.redelivered()).isTrue();
    again.ack();
    again.abandon();
    assertThat(stream.receive(1, takeover().multipliedBy(2))).isEmpty();
  }

  @Test
  default void abandon_eventOfAClosedBroker_doesNothing() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    broker.publish("EVENT", new byte[] {1});
    Event held = next(stream);
    broker.close();

    held.abandon();

    assertThat(stream.receive(1, Duration.ZERO)).isEmpty();
  }

  @Test
  default void publish_subscriberAway_isDeliveredWhenItIsBack() throws Exception {
    demand(redelivers(), "it has nobody to redeliver to");
    Broker a = create("a");
    a.events("reader", List.of("EVENT"));
    connect(a);
    a.close();
    Broker b = open("b");
    b.publish("EVENT", new byte[] {1});
    Broker c = create("c");
    EventStream toC = c.events("reader", List.of("EVENT"));
    connect(c);

    assertThat(next(toC).payload()).containsExactly(1);
  }

  @Test
  default void drain_whileWaitingForEvents_returnsAndStaysEmpty() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    broker.publish("EVENT", new byte[] {1});
    Event held = next(stream);
    FutureTask<List<Event>> receiving = onThread(() -> stream.receive(1, SOON));

    broker.drain();

    assertThat(receiving.get(SOON.toSeconds() / 2, TimeUnit.SECONDS)).isEmpty();
    broker.publish("EVENT", new byte[] {2});
    assertThat(stream.receive(1, Duration.ofMillis(50))).isEmpty();
    held.ack();
  }

  @Test
  default void closeOfEvents_whileWaiting_returnsAndLeavesTheBroker() throws Exception {
    Broker broker = create("a");
    EventStream stream = broker.events("reader", List.of("EVENT"));
    connect(broker);
    FutureTask<List<Event>> receiving = onThread(() -> stream.receive(1, SOON));

    stream.close();

    assertThat(receiving.get(SOON.toSeconds() / 2, TimeUnit.SECONDS)).isEmpty();
    publish(Publication.of("/users/1"));
    assertThat(one(broker).request().path().value()).isEqualTo("/users/1");
  }

  @Test
  default void events_afterTheStart_areRefused() throws Exception {
    Broker broker = create("a");
    connect(broker);

    assertThatThrownBy(() -> broker.events("reader", List.of("EVENT")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void publish_closed_isRefused() throws Exception {
    Broker broker = create("a");
    connect(broker);
    broker.close();

    assertThatThrownBy(() -> broker.publish("EVENT", new byte[] {1}))
        .isInstanceOf(BrokerException.class);
  }

  @Test
  default void absence_fromItsStartToItsClose_isNone() throws Exception {
    Broker broker = create("a");
    assertThat(broker.absence()).as("before the start").isPresent();
    broker.start();
    warmUp(broker);
    publish(Publication.of("/users/1"));
    Delivery held = one(broker);

    assertThat(broker.absence()).as("connected").isEmpty();
    broker.drain();
    assertThat(broker.absence()).as("still answers").isEmpty();
    held.abandon();
    broker.close();
    assertThat(broker.absence()).as("closed").isPresent();
  }

  @Test
  default void backlog_publishedAndTaken_isWhatNobodyTookYet() throws Exception {
    demand(tellsBacklog(), "it does not tell how many requests wait");
    Broker broker = open("a");
    awaitBacklog(broker, 0);
    for (int i = 0; i < 25; i++) {
      publish(Publication.of("/" + i));
    }
    awaitBacklog(broker, 25);
    List<Delivery> taken = some(broker, 5);

    assertThat(broker.backlog()).hasValue(25 - taken.size());
  }

  /** An answer to tell from others. */
  static ProxyResponse failure() {
    return new ProxyResponse.Failure(ResponseStatus.REQUEST_FAILURE, "test: no answer");
  }

  /** The next request; there must be one. */
  static Delivery one(Broker broker) throws InterruptedException {
    return some(broker, 1).getFirst();
  }

  /** The next requests; there must be some. */
  static List<Delivery> some(Broker broker, int atMost) throws InterruptedException {
    List<Delivery> deliveries = broker.receive(atMost, SOON);
    assertThat(deliveries).isNotEmpty();
    return deliveries;
  }

  /** The next event; there must be one. */
  static Event next(EventStream stream) throws InterruptedException {
    List<Event> events = stream.receive(1, SOON);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  /** Runs it on a thread of its own. */
  static <T> FutureTask<T> onThread(java.util.concurrent.Callable<T> task) {
    var future = new FutureTask<>(task);
    Thread.ofVirtual().start(future);
    return future;
  }

  /** Lets real time pass, where the passing itself is the condition. */
  static void pass(Duration duration) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS)).isFalse();
  }

  /** Starts it and waits until it is connected, by an event that nobody reads. */
  private static void connect(Broker broker) throws InterruptedException {
    broker.start();
    broker.publish("CONNECTED", new byte[] {1});
  }

  /**
   * Goes on where this broker makes the promise; otherwise the test has nothing to show, and says
   * which promise it is and why it is not made. Not for want of anything on this machine.
   */
  private void demand(boolean kept, String otherwise) {
    if (!kept) {
      System.out.println(getClass().getSimpleName() + " does not have to keep this: " + otherwise);
      abort(otherwise);
    }
  }

  private static void awaitBacklog(Broker broker, long expected) throws InterruptedException {
    long start = System.nanoTime();
    while (broker.backlog().orElse(-1) != expected && System.nanoTime() - start < SOON.toNanos()) {
      pass(Duration.ofMillis(5));
    }
    assertThat(broker.backlog()).hasValue(expected);
  }

  private static void warmUp(Broker broker) throws InterruptedException {
    assertThat(broker.receive(1, Duration.ofMillis(500))).isEmpty();
  }
}
