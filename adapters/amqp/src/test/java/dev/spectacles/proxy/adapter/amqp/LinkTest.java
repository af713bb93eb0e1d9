package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LinkTest {
  /** Connection that lives until it is closed. */
  private static final class Idle implements Link.Session {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public String run() throws InterruptedException {
      closed.await();
      return "closed";
    }

    @Override
    public boolean close() {
      closed.countDown();
      return true;
    }
  }

  @Test
  void openingWithADefect_isToldOnceAndTriedAgain() throws Exception {
    var tries = new AtomicInteger();
    Link.Opening<Idle> opening =
        () -> {
          if (tries.incrementAndGet() < 4) {
            throw new IllegalArgumentException("Short string too long");
          }
          return new Idle();
        };
    try (var log = new CapturedLog(Outage.class);
        var link = new Link<>("test", opening, new Outage("there"), new ManualClock())) {
      link.start();

      Eventually.holds("connected", () -> link.session().isPresent());
      Eventually.holds("told", () -> log.text().contains("is reachable again"));
      assertThat(tries).hasValue(4);
      assertThat(log.text())
          .containsOnlyOnce("Connecting to RabbitMQ at there failed unexpectedly")
          .containsOnlyOnce("ERROR");
    }
  }
}
