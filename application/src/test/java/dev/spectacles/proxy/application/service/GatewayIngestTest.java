package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.InMemoryEntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of how far behind the events is what is kept. */
@Timeout(30)
class GatewayIngestTest {
  private static final Duration POLL = Duration.ofMillis(500);

  /** Hands out what a test says; each wait for it takes as long as was asked for. */
  private final class ScriptedFeed implements EventFeed {
    private final SynchronousQueue<Batch> next = new SynchronousQueue<>();

    @Override
    public Batch receive(int atMost, Duration wait) throws InterruptedException {
      if (wait.isZero()) {
        return new Batch(List.of(), false, false);
      }
      Batch batch = next.take();
      clock.advance(wait);
      return batch;
    }

    /** Returns when it was taken, and what was handed out before is dealt with. */
    void hand(Batch batch) throws InterruptedException {
      assertThat(next.offer(batch, 10, TimeUnit.SECONDS)).as("taken").isTrue();
    }

    @Override
    public void ack(Batch batch) {}

    @Override
    public void release() {}

    @Override
    public void close() {}
  }

  private final ManualClock clock = new ManualClock();
  private final InMemoryEntityStore store = new InMemoryEntityStore(clock);
  private final ScriptedFeed feed = new ScriptedFeed();
  private final FeedProgress progress = new FeedProgress(clock);
  private volatile Duration told = Duration.ZERO;
  private final GatewayIngest ingest = ingest();

  @BeforeEach
  void start() throws InterruptedException {
    ingest.start();
    feed.hand(batch("READY", ready()));
    feed.hand(nothing(true));
  }

  @AfterEach
  void stop() throws InterruptedException {
    ingest.stop(Duration.ofSeconds(1));
  }

  @Test
  void nothingNew_isCaughtUp() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      feed.hand(nothing(true));
    }

    assertThat(told).isLessThan(POLL.multipliedBy(3));
  }

  @Test
  void brokerAway_lagGrowsAndIsTold_untilItIsBack() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      feed.hand(nothing(false));
    }
    feed.hand(nothing(false));

    assertThat(told).isGreaterThan(POLL.multipliedBy(19));
    assertThat(progress.lag()).isGreaterThan(POLL.multipliedBy(19));

    feed.hand(nothing(true));
    feed.hand(nothing(true));

    assertThat(told).isLessThan(POLL.multipliedBy(3));
  }

  private GatewayIngest ingest() {
    var source =
        new GatewayFeed.Source(
            Optional.empty(),
            "",
            EnumSet.allOf(EntityType.class),
            true,
            Duration.ofHours(1),
            new TinyJsonReader()::read);
    var events =
        new ProxyEvents() {
          @Override
          public void ingestLag(Duration lag) {
            told = lag;
          }
        };
    var application =
        new EventApplication(
            store, new TinyJsonReader(), source, progress, tags -> {}, events, clock);
    return new GatewayIngest(feed, source, store, application, clock);
  }

  private static EventFeed.Batch nothing(boolean upToDate) {
    return new EventFeed.Batch(List.of(), false, upToDate);
  }

  private EventFeed.Batch batch(String name, String json) {
    long now = clock.wallTime().toEpochMilli();
    var event = new EventFeed.Fed("1", name, Body.of(json), now, Optional.empty());
    return new EventFeed.Batch(List.of(event), false, true);
  }

  private static String ready() {
    return "{\"user\":{\"id\":\"900\"},\"application\":{\"id\":\"901\"},\"shard\":[0,1],"
        + "\"guilds\":[{\"id\":\"100\",\"unavailable\":true}]}";
  }
}
