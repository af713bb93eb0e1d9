package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocalEventFeedTest implements EventFeedContract {
  private final LocalExchange exchange = new LocalExchange(1_000, 64L << 20);
  private final Deque<Broker> opened = new ArrayDeque<>();

  @AfterEach
  void close() {
    opened.forEach(Broker::close);
  }

  @Override
  public Broker create(String instance) {
    var broker = new LocalBroker(exchange, "REQUEST", Duration.ofSeconds(1), new RealClock());
    opened.push(broker);
    return broker;
  }

  @Override
  public List<String> names() {
    return List.of("ONE", "TWO", "THREE");
  }

  @Override
  public boolean keepsEvents() {
    return false;
  }

  @Test
  void everyInstance_closed_leavesNothingBehind() throws Exception {
    var small = new LocalExchange(2, 1_000);
    var gone = new LocalBroker(small, "REQUEST", Duration.ZERO, new RealClock());
    gone.feed("feed", names(), Share.EVERY_INSTANCE);
    gone.start();
    gone.publish("ONE", new byte[1]);
    gone.publish("TWO", new byte[1]);
    gone.close();
    var next = new LocalBroker(small, "REQUEST", Duration.ZERO, new RealClock());
    var feed = next.feed("feed", names(), Share.EVERY_INSTANCE);
    next.start();

    next.publish("ONE", new byte[1]);
    next.publish("TWO", new byte[1]);

    assertThat(EventFeedContract.take(feed, 2)).hasSize(2);
    next.close();
  }
}
