package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.RealClock;
import java.time.Duration;

/** Contexts for brokers outside of a {@link RedisBench}. */
final class TestContexts {
  static final String EVENT = "REQUEST";

  private TestContexts() {}

  static BrokerContext of(MapSection section, String instance) {
    return new BrokerContext(
        "gateway", EVENT, instance, Duration.ofSeconds(1), section, new RealClock());
  }
}
