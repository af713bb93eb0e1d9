package dev.spectacles.proxy.application.port.out;

import static dev.spectacles.proxy.application.port.out.BrokerContract.SOON;
import static dev.spectacles.proxy.application.port.out.BrokerContract.onThread;
import static dev.spectacles.proxy.application.port.out.BrokerContract.pass;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link EventFeed} promises; one test class per implementation implements it. */
public interface EventFeedContract {
  /** Long enough for what is there to come, and for a broker to notice what it has to. */
  Duration SHORT = Duration.ofMillis(250);

  /** Broker of the test's group, not started; closed by the test class in the end. */
  Broker create(String instance);

  /** Names of events that nobody else uses. */
  List<String> names();

  /** Whether a feed begins with events from before anybody of its subscriber was there. */
  boolean keepsEvents();

  @ParameterizedTest
  @EnumSource(Share.class)
  default void receive_severalNames_keepsTheOrderOfPublishing(Share share) throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, share);
    for (int i = 0; i < 45; i++) {
      publish(broker, i * i % names().size(), "" + i);
    }

    List<Fed> events = take(feed, 45);

    for (int i = 0; i < 45; i++) {
      assertThat(text(events.get(i))).isEqualTo("" + i);
      assertThat(events.get(i).name()).isEqualTo(names().get(i * i % names().size()));
    }
    assertThat(Instant.ofEpochMilli(events.getFirst().millis()))
        .isBetween(Instant.now().minus(SOON.multipliedBy(3)), Instant.now().plus(SOON));
    assertThat(events.getFirst().app()).isEmpty();
  }

  @Test
  default void receive_atMost_isRespected() throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, Share.ONE_INSTANCE);
    publish(broker, 0, "1", "2", "3");

    assertThat(take(feed, 1)).hasSize(1);
    assertThat(texts(take(feed, 2))).containsExactly("2", "3");
    assertThatThrownBy(() -> feed.receive(0, SOON)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void receive_nothingPublished_returnsEmptyAfterTheWait() throws Exception {
    EventFeed feed = open(create("a"), Share.ONE_INSTANCE);

    assertThat(feed.receive(1, Duration.ofMillis(30)).events()).isEmpty();
    assertThat(feed.receive(1, Duration.ZERO).events()).isEmpty();
    assertThat(feed.receive(1, Duration.ZERO).afterGap()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Share.class)
  default void receive_all_isUpToDate(Share share) throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, share);
    publish(broker, 0, "1", "2");

    assertThat(batch(feed, 1).upToDate()).as("one is left").isFalse();
    batch(feed, 1);
    Batch nothing = feed.receive(1, SHORT);

    assertThat(nothing.events()).isEmpty();
    assertThat(nothing.upToDate()).isTrue();
    feed.close();
    assertThat(feed.receive(1, Duration.ZERO).upToDate()).as("closed").isFalse();
  }

  @ParameterizedTest
  @EnumSource(Share.class)
  default void release_unacked_comeAgainInOrder(Share share) throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, share);
    for (int i = 0; i < 9; i++) {
      publish(broker, i % names().size(), "" + i);
    }
    feed.ack(batch(feed, 2));
    Batch lost = batch(feed, 3);

    feed.release();
    publish(broker, 0, "new");

    assertThat(texts(take(feed, 8))).containsExactly("2", "3", "4", "5", "6", "7", "8", "new");
    assertThatThrownBy(() -> feed.ack(lost)).isInstanceOf(BrokerException.class);
  }

  @Test
  default void release_acked_doNotComeAgain() throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, Share.ONE_INSTANCE);
    publish(broker, 0, "1", "2");
    publish(broker, 1, "3");
    batch(feed, 1);
    batch(feed, 1);
    Batch last = batch(feed, 1);
    feed.ack(last);

    feed.release();

    assertThat(feed.receive(5, SHORT).events()).as("acked with the last").isEmpty();
  }

  @Test
  default void close_unacked_comeToTheNextInstance() throws Exception {
    Broker a = create("a");
    Broker b = create("b");
    EventFeed atA = open(a, Share.ONE_INSTANCE);
    EventFeed atB = feed(b, Share.ONE_INSTANCE);
    b.start();
    for (int i = 0; i < 9; i++) {
      publish(a, i % names().size(), "" + i);
    }
    feedAck(atA, 4);
    Batch held = batch(atA, 2);

    a.close();
    publish(b, 0, "new");

    assertThat(texts(take(atB, 6))).containsExactly("4", "5", "6", "7", "8", "new");
    assertThatThrownBy(() -> atA.ack(held)).isInstanceOf(BrokerException.class);
  }

  @Test
  default void release_anotherInstance_goesOnAndGivesBack() throws Exception {
    Broker a = create("a");
    Broker b = create("b");
    EventFeed atA = open(a, Share.ONE_INSTANCE);
    EventFeed atB = feed(b, Share.ONE_INSTANCE);
    b.start();
    publish(a, 0, "1", "2", "3");
    feedAck(atA, 1);
    batch(atA, 1);
    atA.release();

    assertThat(texts(take(atB, 1))).containsExactly("2");
    atB.ack(batch(atB, 1));
    atB.release();
    publish(a, 1, "4");

    assertThat(texts(take(atA, 1))).containsExactly("4");
  }

  @Test
  default void everyInstance_getsAll() throws Exception {
    Broker a = create("a");
    Broker b = create("b");
    EventFeed atA = open(a, Share.EVERY_INSTANCE);
    EventFeed atB = open(b, Share.EVERY_INSTANCE);
    publish(a, 0, "1");
    publish(a, 1, "2");

    assertThat(texts(take(atA, 2))).containsExactly("1", "2");
    assertThat(texts(take(atB, 2))).containsExactly("1", "2");
  }

  @Test
  default void twoSubscribers_eachGetsAll() throws Exception {
    Broker broker = create("a");
    EventFeed one = feed(broker, Share.ONE_INSTANCE);
    EventFeed two = broker.feed("second", names(), Share.ONE_INSTANCE);
    EventStream stream = broker.events("reader", names());
    start(broker, one, two);
    publish(broker, 0, "1");

    assertThat(texts(take(one, 1))).containsExactly("1");
    assertThat(texts(take(two, 1))).containsExactly("1");
    Event event = BrokerContract.next(stream);
    while (new String(event.payload(), UTF_8).equals(PROBE)) {
      event.ack();
      event = BrokerContract.next(stream);
    }
    assertThat(new String(event.payload(), UTF_8)).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource(Share.class)
  default void newSubscriber_beginsWithTheOldest(Share share) throws Exception {
    Broker publisher = create("p");
    publisher.start();
    publish(publisher, 1, "old");
    publish(publisher, 0, "older than new");
    Broker broker = create("a");
    EventFeed feed = open(broker, share);
    publish(publisher, 2, "new");

    if (keepsEvents()) {
      assertThat(texts(take(feed, 3))).containsExactly("old", "older than new", "new");
    } else {
      assertThat(texts(take(feed, 1))).containsExactly("new");
    }
  }

  @ParameterizedTest
  @EnumSource(Share.class)
  default void payload_tenMebibytes_arrivesAsItIs(Share share) throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, share);
    byte[] large = new byte[10 << 20];
    Arrays.fill(large, (byte) 0xA5);
    large[large.length - 1] = 1;
    broker.publish(names().getFirst(), large);
    publish(broker, 1, "small");

    List<Fed> events = take(feed, 2);

    assertThat(events.getFirst().payload().bytes()).isEqualTo(large);
    assertThat(text(events.getLast())).isEqualTo("small");
  }

  @Test
  default void close_whileWaiting_ends() throws Exception {
    EventFeed feed = open(create("a"), Share.ONE_INSTANCE);
    FutureTask<Batch> receiving = onThread(() -> feed.receive(1, SOON));

    feed.close();

    assertThat(receiving.get(SOON.toSeconds() / 2, TimeUnit.SECONDS).events()).isEmpty();
    assertThat(feed.receive(1, SOON).events()).isEmpty();
  }

  @Test
  default void drain_whileWaiting_endsAndLetsAck() throws Exception {
    Broker broker = create("a");
    EventFeed feed = open(broker, Share.ONE_INSTANCE);
    publish(broker, 0, "1");
    Batch held = batch(feed, 1);
    FutureTask<Batch> receiving = onThread(() -> feed.receive(1, SOON));

    broker.drain();

    assertThat(receiving.get(SOON.toSeconds() / 2, TimeUnit.SECONDS).events()).isEmpty();
    feed.ack(held);
    broker.close();
    EventFeed next = open(create("b"), Share.ONE_INSTANCE);
    assertThat(next.receive(1, SHORT).events()).isEmpty();
  }

  @Test
  default void feed_afterTheStart_isRefused() {
    Broker broker = create("a");
    broker.start();

    assertThatThrownBy(() -> feed(broker, Share.ONE_INSTANCE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void feed_withoutNames_isRefused() {
    Broker broker = create("a");

    assertThatThrownBy(() -> broker.feed("", names(), Share.ONE_INSTANCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> broker.feed("s", List.of(), Share.ONE_INSTANCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> broker.feed("s", List.of("A", ""), Share.ONE_INSTANCE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What is published until a feed gets it. */
  String PROBE = "probe";

  /** Feed of the test's subscriber. */
  default EventFeed feed(Broker broker, Share share) {
    return broker.feed("feed", names(), share);
  }

  /** Feed of a broker that is started, which gets what is published from now on. */
  default EventFeed open(Broker broker, Share share) throws InterruptedException {
    EventFeed feed = feed(broker, share);
    start(broker, feed);
    return feed;
  }

  /** Starts it, and where events are not kept makes sure that its feeds are connected. */
  private void start(Broker broker, EventFeed... feeds) throws InterruptedException {
    broker.start();
    if (keepsEvents()) {
      return;
    }
    for (EventFeed feed : feeds) {
      Batch batch = new Batch(List.of(), false, false);
      while (batch.events().isEmpty()) {
        broker.publish(names().getLast(), PROBE.getBytes(UTF_8));
        batch = feed.receive(100, Duration.ofMillis(50));
      }
      feed.ack(batch);
    }
    for (EventFeed feed : feeds) {
      Batch batch = feed.receive(100, Duration.ofMillis(50));
      while (!batch.events().isEmpty()) {
        feed.ack(batch);
        batch = feed.receive(100, Duration.ofMillis(50));
      }
    }
  }

  /** Publishes each in a millisecond of its own. */
  private void publish(Broker broker, int name, String... payloads) throws InterruptedException {
    for (String payload : payloads) {
      broker.publish(names().get(name), payload.getBytes(UTF_8));
      pass(Duration.ofMillis(2));
    }
  }

  private static void feedAck(EventFeed feed, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      feed.ack(batch(feed, 1));
    }
  }

  /** The next events, which are not acked; there must be so many. */
  static Batch batch(EventFeed feed, int count) throws InterruptedException {
    var all = new ArrayList<Fed>();
    boolean upToDate = false;
    long start = System.nanoTime();
    while (all.size() < count && System.nanoTime() - start < SOON.toNanos()) {
      Batch batch = feed.receive(count - all.size(), Duration.ofSeconds(1));
      assertThat(batch.afterGap()).as("gap").isFalse();
      upToDate = batch.upToDate();
      batch.events().stream().filter(event -> !text(event).equals(PROBE)).forEach(all::add);
    }
    assertThat(all).as("events").hasSize(count);
    return new Batch(all, false, upToDate);
  }

  /** The next events, which are acked. */
  static List<Fed> take(EventFeed feed, int count) throws InterruptedException {
    Batch batch = batch(feed, count);
    feed.ack(batch);
    return batch.events();
  }

  /** Payloads as texts. */
  static List<String> texts(List<Fed> events) {
    return events.stream().map(EventFeedContract::text).toList();
  }

  /** Payload as text. */
  static String text(Fed event) {
    return event.payload().utf8();
  }
}
