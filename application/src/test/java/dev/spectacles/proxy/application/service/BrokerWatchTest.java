package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.testing.Eventually;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BrokerWatchTest {
  private final ScriptedBroker broker = new ScriptedBroker();
  private final GatedClock clock = new GatedClock(new ManualClock());

  @Test
  void backlog_isWhatTheBrokerToldLast() throws Exception {
    broker.backlog = OptionalLong.of(7);
    try (var watch = BrokerWatch.start(broker, clock)) {
      becomes(watch, OptionalLong.of(7));

      broker.backlog = OptionalLong.of(8);
      clock.wake(1);
      becomes(watch, OptionalLong.of(8));
    }
  }

  @Test
  void backlog_ofABrokerThatFailsOrIsAway_isNotKnownUntilItIsBack() throws Exception {
    broker.backlog = OptionalLong.of(7);
    try (var watch = BrokerWatch.start(broker, clock)) {
      becomes(watch, OptionalLong.of(7));

      broker.failures.set(1);
      clock.wake(1);
      becomes(watch, OptionalLong.empty());
      clock.wake(1);
      becomes(watch, OptionalLong.of(7));

      broker.absence = Optional.of("away");
      clock.wake(1);
      becomes(watch, OptionalLong.empty());
    }
  }

  @Test
  void close_forgetsWhatWasTold() throws Exception {
    broker.backlog = OptionalLong.of(7);
    var watch = BrokerWatch.start(broker, clock);
    becomes(watch, OptionalLong.of(7));

    watch.close();

    assertThat(watch.backlog()).isEmpty();
  }

  private static void becomes(BrokerWatch watch, OptionalLong expected) throws Exception {
    Eventually.holds("backlog " + expected, () -> watch.backlog().equals(expected));
  }
}
