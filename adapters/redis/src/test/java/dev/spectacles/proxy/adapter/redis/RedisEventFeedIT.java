package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.application.port.out.BrokerContract.SOON;
import static dev.spectacles.proxy.application.port.out.EventFeedContract.SHORT;
import static dev.spectacles.proxy.application.port.out.EventFeedContract.take;
import static dev.spectacles.proxy.application.port.out.EventFeedContract.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is Redis' own about a feed: ids, groups, trimming. */
@OnEveryServer
final class RedisEventFeedIT {
  private final String first = "FIRST-" + UUID.randomUUID();
  private final String second = "SECOND-" + UUID.randomUUID();
  private final RedisServers.Server server;
  private RedisBench bench;

  RedisEventFeedIT(RedisServers.Server server) {
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

  @ParameterizedTest
  @EnumSource(Share.class)
  void sameMillisecond_isOrderedByRank(Share share) throws Exception {
    add(second, "999-9", "0");
    add(second, "1000-0", "3");
    add(second, "1000-1", "4");
    add(first, "1000-5", "1");
    add(first, "1000-7", "2");
    add(first, "1001-0", "5");

    assertThat(texts(take(open(share), 6))).containsExactly("0", "1", "2", "3", "4", "5");
  }

  /** The second entry is written after the first one was read. */
  @Test
  void sameMillisecond_laterOfLowerRank_comesFirst() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "warm");
    long millis = serverMillis();
    add(second, millis + "-0", "2");
    add(first, millis + "-0", "1");

    assertThat(texts(take(feed, 2))).containsExactly("1", "2");
  }

  @Test
  void backlog_ofOneStream_isMergedByTime() throws Exception {
    int count = 5_000;
    try (var connection = new RespConnection(server.port())) {
      for (int i = 0; i < count; i++) {
        connection.send("XADD", first, (1_000 + i) + "-0", "data", "x");
      }
      for (int i = 0; i < count; i++) {
        connection.read();
      }
    }
    for (int i = 0; i < 10; i++) {
      add(second, (1_000 + i * 500) + "-1", "y");
    }

    List<Fed> events = takeAll(open(Share.ONE_INSTANCE), count + 10);

    assertThat(events)
        .isSortedAccordingTo(
            Comparator.comparingLong(Fed::millis)
                .thenComparing(event -> event.name().equals(first) ? 0 : 1));
    assertThat(bench.command("XPENDING", first, group())).asString().startsWith("[0");
  }

  @Test
  void app_given_isTold() throws Exception {
    bench.command("XADD", first, "*", "app", "42", "data", "{}");
    bench.command("XADD", first, "*", "payload", "{}");

    List<Fed> events = take(open(Share.ONE_INSTANCE), 2);

    assertThat(events.getFirst().app()).contains("42");
    assertThat(events.getFirst().payload().utf8()).isEqualTo("{}");
    assertThat(events.getLast().payload().isEmpty()).isTrue();
  }

  @Test
  void streams_areNotTrimmed() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    addAndTake(feed, "2");

    assertThat(bench.command("XLEN", first)).isEqualTo(2L);
  }

  @Test
  void start_streamTrimmedBefore_isNoGap() throws Exception {
    add(first, "1000-0", "gone");
    add(first, "1001-0", "here");
    bench.command("XTRIM", first, "MAXLEN", "=", "1");

    assertThat(texts(take(open(Share.ONE_INSTANCE), 1))).containsExactly("here");
  }

  @Test
  void start_unreadWasTrimmed_isAGap() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    feed.release();
    for (int i = 2; i < 6; i++) {
      add(first, "*", "" + i);
    }
    bench.command("XTRIM", first, "MAXLEN", "=", "2");

    assertThat(next(feed).afterGap()).isTrue();
    feed.release();
    Batch again = next(feed);
    assertThat(again.afterGap()).as("not dealt with").isTrue();
    var texts = new ArrayList<>(texts(again.events()));
    texts.addAll(texts(take(feed, 2 - texts.size())));
    assertThat(texts).containsExactly("4", "5");
  }

  /** More is lost than is left: the server's count of what was read never makes up for it. */
  @Test
  void gap_dealtWith_isNotToldAgain() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    for (int i = 0; i < 4; i++) {
      addAndTake(feed, "" + i);
    }
    feed.release();
    for (int i = 4; i < 16; i++) {
      add(first, "*", "" + i);
    }
    bench.command("XTRIM", first, "MAXLEN", "=", "2");
    assertThat(next(feed).afterGap()).isTrue();
    assertThat(texts(take(feed, 2))).containsExactly("14", "15");

    for (int check = 0; check < 2; check++) {
      feed.release();
      assertThat(feed.receive(1, SHORT).afterGap()).as("next check").isFalse();
    }
    addAndTake(feed, "16");
    bench.command("XTRIM", first, "MAXLEN", "=", "0");
    add(first, "*", "17");
    feed.release();
    if (!server.toString().startsWith("redis-6")) {
      assertThat(texts(take(feed, 1))).as("only what was read was removed").containsExactly("17");
    }
  }

  @Test
  void gap_allRemoved_isToldOnce() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    feed.release();
    add(first, "*", "2");
    bench.command("XTRIM", first, "MAXLEN", "=", "0");
    assertThat(next(feed).afterGap()).isTrue();

    assertThat(feed.receive(1, SHORT).afterGap()).isFalse();
    feed.release();
    assertThat(feed.receive(1, SHORT).afterGap()).isFalse();
  }

  /** Whoever was told of it may have died before all was distrusted. */
  @Test
  void gap_notDealtWith_isToldToTheNextInstance() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    feed.release();
    for (int i = 2; i < 6; i++) {
      add(first, "*", "" + i);
    }
    bench.command("XTRIM", first, "MAXLEN", "=", "2");
    Batch told = next(feed);
    assertThat(told.afterGap()).isTrue();
    assertThat(told.events()).as("read on when it is dealt with").isEmpty();
    feed.close();

    EventFeed another = open(Share.ONE_INSTANCE);
    assertThat(next(another).afterGap()).isTrue();
    assertThat(texts(take(another, 2))).containsExactly("4", "5");
  }

  @Test
  void pendingTrimmed_notDealtWith_isToldToTheNextInstance() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    add(first, "*", "1");
    add(first, "*", "2");
    EventFeedContract.batch(feed, 2);
    bench.command("XTRIM", first, "MAXLEN", "=", "1");
    feed.release();
    assertThat(next(feed).afterGap()).isTrue();
    feed.close();

    EventFeed another = open(Share.ONE_INSTANCE);
    assertThat(next(another).afterGap()).isTrue();
    assertThat(texts(take(another, 1))).containsExactly("2");
  }

  @Test
  void start_onlyReadWasTrimmed_isNoGap() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    for (int i = 1; i < 6; i++) {
      addAndTake(feed, "" + i);
    }
    add(first, "*", "6");
    bench.command("XTRIM", first, "MAXLEN", "=", "3");
    feed.release();

    assertThat(texts(take(feed, 1))).containsExactly("6");
  }

  @Test
  void pending_trimmed_isAGapAndForgotten() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    add(first, "*", "1");
    add(first, "*", "2");
    next(feed);
    bench.command("XTRIM", first, "MAXLEN", "=", "1");
    feed.release();

    var events = new ArrayList<Fed>();
    boolean gap = false;
    while (events.isEmpty()) {
      Batch batch = feed.receive(10, SOON);
      gap |= batch.afterGap();
      events.addAll(batch.events());
      feed.ack(batch);
    }

    assertThat(gap).isTrue();
    assertThat(texts(events)).containsExactly("2");
    assertThat(bench.command("XPENDING", first, group())).asString().startsWith("[0");
  }

  @Test
  void groupDestroyed_whileReading_isAGapAndBeginsWithTheOldest() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    bench.command("XGROUP", "DESTROY", first, group());
    add(first, "*", "2");

    Batch batch = next(feed);

    assertThat(batch.afterGap()).isTrue();
    var texts = new ArrayList<>(texts(batch.events()));
    while (texts.size() < 2) {
      texts.addAll(texts(feed.receive(1, SOON).events()));
    }
    assertThat(texts).containsExactly("1", "2");
  }

  /** An instance that was stalled for long took something after its time. */
  @Test
  void readByAnother_isAGapAndComesAgain() throws Exception {
    EventFeed feed = open(Share.ONE_INSTANCE);
    addAndTake(feed, "1");
    // At once, or this feed would have it.
    bench.command("MULTI");
    add(first, "*", "stolen");
    bench.command("XREADGROUP", "GROUP", group(), "feed", "STREAMS", first, ">");
    bench.command("EXEC");
    addAndTake(feed, "2");

    Batch batch = next(feed);

    assertThat(batch.afterGap()).isTrue();
    assertThat(texts(next(feed).events())).containsExactly("stolen");
  }

  @Test
  void everyInstance_hasNoGroupAndAcksNothing() throws Exception {
    EventFeed feed = open(Share.EVERY_INSTANCE);
    addAndTake(feed, "1");

    assertThat((List<?>) bench.command("XINFO", "GROUPS", first)).isEmpty();
  }

  private EventFeed open(Share share) {
    Broker broker = bench.create("a");
    EventFeed feed = broker.feed("feed", List.of(first, second), share);
    broker.start();
    return feed;
  }

  private String group() {
    return bench.group + "-feed";
  }

  private void add(String stream, String id, String text) {
    bench.command("XADD", stream, id, "data", text);
  }

  private void addAndTake(EventFeed feed, String text) throws InterruptedException {
    add(first, "*", text);
    assertThat(texts(take(feed, 1))).containsExactly(text);
  }

  private static Batch next(EventFeed feed) throws InterruptedException {
    Batch batch = feed.receive(10, SOON);
    assertThat(batch.events().isEmpty() && !batch.afterGap()).isFalse();
    return batch;
  }

  private static List<Fed> takeAll(EventFeed feed, int count) throws InterruptedException {
    var all = new ArrayList<Fed>();
    while (all.size() < count) {
      Batch batch = feed.receive(1_000, SOON);
      assertThat(batch.events()).isNotEmpty();
      feed.ack(batch);
      all.addAll(batch.events());
    }
    assertThat(feed.receive(1, Duration.ofMillis(50)).events()).isEmpty();
    return all;
  }

  private long serverMillis() {
    List<?> time = (List<?>) bench.command("TIME");
    return Long.parseLong((String) time.get(0)) * 1000
        + Long.parseLong((String) time.get(1)) / 1000;
  }
}
