package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.RealClock;
import java.time.Duration;
import java.util.Optional;

/** Contexts for brokers outside of a {@link RedisBench}. */
final class TestContexts {
  static final String EVENT = "REQUEST";

  private TestContexts() {}

  static BrokerContext of(MapSection section, String instance) {
    return new BrokerContext(
        "gateway",
        Optional.empty(),
        EVENT,
        instance,
        100,
        Optional.empty(),
        Duration.ofSeconds(1),
        section,
        new RealClock());
  }
}
