package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.gateway.GatewaySend;
import dev.spectacles.proxy.domain.gateway.InvalidSendException;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets of guild n are the text n; the broker is the test's. */
@Timeout(60)
class ServeSendsTest {
  private static final int SHARDS = 4;

  private final ManualClock clock = new ManualClock();
  private final PausingClock pauses = new PausingClock();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CapturedLog log = new CapturedLog(ServeSends.class);
  private final ServeSends sends =
      new ServeSends(broker, ServeSendsTest::decode, pauses, recorder(), SHARDS);

  @BeforeEach
  void start() {
    sends.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    sends.stop(Running.PATIENCE);
    log.close();
  }

  @Test
  void send_ofAGuild_isPublishedUnderItsShardThenAcked() throws Exception {
    add("1", "6");

    assertThat(Running.next(broker.stream.acked)).isEqualTo("1");
    ScriptedBroker.Published published = Running.next(broker.published);
    assertThat(published.event()).isEqualTo("2");
    assertThat(published.payload()).isEqualTo("packet 6".getBytes(UTF_8));
    assertThat(events).containsExactly("published");
    assertThat(broker.subscriptions).containsExactly("send [SEND]");
  }

  @Test
  void unreadable_isDroppedCountedAndToldOnceInAWhile() throws Exception {
    for (int i = 0; i < 5; i++) {
      add("bad" + i, "secret");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(Running.next(broker.stream.acked)).isEqualTo("bad" + i);
    }
    assertThat(told()).singleElement().asString().contains("dropped: 1").contains("guild_id: no");

    clock.advance(Duration.ofSeconds(11));
    add("late", "secret");
    assertThat(Running.next(broker.stream.acked)).isEqualTo("late");

    assertThat(broker.published).isEmpty();
    assertThat(events).hasSize(6).containsOnly("dropped");
    assertThat(told()).hasSize(2).last().asString().contains("dropped: 5").contains("id=late");
    assertThat(told()).noneMatch(line -> line.contains("secret"));
  }

  @Test
  void publish_failing_abandonsThePacketAndGoesOn() throws Exception {
    broker.failures.set(1);
    add("1", "1");
    add("2", "2");

    assertThat(List.of(Running.next(broker.stream.acked), Running.next(broker.stream.acked)))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(broker.stream.abandoned).containsExactly("1");
    assertThat(events).containsExactly("failed", "published", "published");
    assertThat(told()).singleElement().asString().contains("they come again: 1, the last one id=1");
  }

  @Test
  void publish_failingForAWhile_pausesLongerAndLonger_tillItWorks() throws Exception {
    broker.failures.set(6);
    add("1", "1");
    assertThat(Running.next(broker.stream.acked)).isEqualTo("1");
    broker.failures.set(1);
    add("2", "2");
    assertThat(Running.next(broker.stream.acked)).isEqualTo("2");

    assertThat(pauses.taken)
        .extracting(Duration::toMillis)
        .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 4_000L, 250L);
    assertThat(told()).hasSize(2).last().asString().contains("they come again: 6");
  }

  @Test
  void stop_whilePausing_doesNotWaitForThat() throws Exception {
    pauses.standing = true;
    broker.failures.set(1);
    add("1", "1");
    Running.awaitUntil(() -> !pauses.taken.isEmpty());

    Running.start(
            () -> {
              sends.stop(Duration.ofMinutes(10));
              return true;
            })
        .get();

    assertThat(broker.published).isEmpty();
  }

  @Test
  void defect_ofTheDecoder_dropsThePacketAndGoesOn() throws Exception {
    add("1", "defect");
    add("2", "2");

    assertThat(Running.next(broker.stream.acked)).isEqualTo("1");
    assertThat(Running.next(broker.stream.acked)).isEqualTo("2");
    assertThat(events).containsExactly("dropped", "published");
    assertThat(told()).singleElement().asString().endsWith("IllegalStateException");
  }

  @Test
  void stop_whilePublishing_acksBeforeTheStreamIsClosed() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    broker.beforePublishing =
        () -> {
          inside.countDown();
          return goOn.await(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        };
    add("1", "1");
    add("2", "2");
    inside.await();

    var stop =
        Running.start(
            () -> {
              sends.stop(Running.PATIENCE);
              return true;
            });
    stop.awaitBlocked();
    assertThat(broker.stream.closed.getCount()).isEqualTo(1);
    goOn.countDown();

    assertThat(stop.get()).isTrue();
    assertThat(broker.stream.acked).containsExactly("1");
    assertThat(broker.stream.closed.getCount()).isZero();
  }

  @Test
  void ack_unheard_goesOn() throws Exception {
    broker.stream.add("1", "1".getBytes(UTF_8), false);
    add("2", "2");

    assertThat(List.of(Running.next(broker.stream.acked), Running.next(broker.stream.acked)))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(broker.stream.abandoned).containsExactly("1");
    assertThat(broker.published).hasSize(3);
  }

  @Test
  void stop_whileWaiting_closesTheStream() throws Exception {
    sends.stop(Running.PATIENCE);
    add("1", "1");

    assertThat(broker.stream.closed.getCount()).isZero();
    assertThat(broker.published).isEmpty();
  }

  @Test
  void shards_none_areRefused() {
    assertThatThrownBy(
            () -> new ServeSends(broker, ServeSendsTest::decode, clock, ProxyEvents.NOOP, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards: 0 (expected: >= 1)");
  }

  private void add(String id, String payload) {
    broker.stream.add(id, payload.getBytes(UTF_8), true);
  }

  private List<String> told() {
    return log.text().lines().filter(line -> line.startsWith("WARN ")).toList();
  }

  private static GatewaySend decode(byte[] payload) throws InvalidSendException {
    String text = new String(payload, UTF_8);
    if (text.equals("defect")) {
      throw new IllegalStateException("secret");
    }
    if (!text.matches("[0-9]+")) {
      throw new InvalidSendException("guild_id: no id");
    }
    return new GatewaySend(Long.parseLong(text) << 22, Body.of("packet " + text));
  }

  private ProxyEvents recorder() {
    return new ProxyEvents() {
      @Override
      public void sendPublished() {
        events.add("published");
      }

      @Override
      public void sendDropped() {
        events.add("dropped");
      }

      @Override
      public void sendFailed() {
        events.add("failed");
      }
    };
  }

  /** The test's clock; a pause takes no time, or lasts until it is interrupted. */
  private final class PausingClock implements Clock {
    final List<Duration> taken = new CopyOnWriteArrayList<>();
    volatile boolean standing;

    @Override
    public Instant wallTime() {
      return clock.wallTime();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      taken.add(duration);
      clock.sleep(duration);
      if (standing) {
        new CountDownLatch(1).await();
      }
    }
  }
}
