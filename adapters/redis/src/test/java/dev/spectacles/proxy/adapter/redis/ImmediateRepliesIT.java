package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEveryServer
final class ImmediateRepliesIT {
  private static final int CALLS = 1000;

  private final RedisServers.Server server;
  private RedisBench bench;

  ImmediateRepliesIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    bench = new RedisBench(server, Map.of());
    bench.patience = Duration.ofSeconds(5);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void reply_atOnceToCallersThatSubscribeLate_losesNone() throws Exception {
    Broker broker = bench.open("a");
    // Connected before the first request comes: answers have to be faster than subscriptions.
    Eventually.holds("connected", () -> bench.command("EXISTS", bench.event).equals(1L));
    assertThat(broker.receive(1, Duration.ofMillis(100))).isEmpty();
    var stop = new AtomicBoolean();
    var lost = new AtomicInteger();
    Thread serving = Thread.ofVirtual().start(() -> serve(broker, stop, lost));
    try (var caller = new MicrotaskCaller(server.port());
        var publisher = new RespConnection(server.port())) {
      for (int i = 0; i < CALLS; i++) {
        String id =
            (String) publisher.command("XADD", bench.event, "*", "data", RedisBench.utf8("x"));
        caller.subscribe(bench.event + ":" + id);
      }
      Eventually.holds("all answered", () -> caller.answered.size() == CALLS);
      System.out.println(
          server + ": " + CALLS + " immediate answers, dropped at first: " + caller.dropped());
      assertThat(caller.dropped()).isEqualTo(CALLS);
    }
    stop.set(true);
    serving.join();
    Eventually.holds("all settled", () -> bench.pending() == 0);
    assertThat(lost).hasValue(0);
  }

  private static void serve(Broker broker, AtomicBoolean stop, AtomicInteger lost) {
    try {
      while (!stop.get()) {
        for (Delivery delivery : broker.receive(100, Duration.ofMillis(50))) {
          Thread.ofVirtual().start(() -> answer(delivery, lost));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(Delivery delivery, AtomicInteger lost) {
    try {
      if (!delivery.reply(BrokerContract.failure())) {
        lost.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (BrokerException e) {
      throw new AssertionError(e);
    }
  }
}
