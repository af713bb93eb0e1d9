package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.local.LocalCacheTags;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.CacheStoreContext;
import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreContext;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.bootstrap.config.Config;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Introduces this process to brokers and stores. */
final class Instances {
  private Instances() {}

  /** For a client of the broker. */
  static BrokerContext context(Config config, Clock clock) {
    return context(config, name(), Optional.empty(), clock, () -> {});
  }

  static BrokerContext context(
      Config config,
      String instance,
      Optional<SentMarkers> markers,
      Clock clock,
      Runnable whenEnded) {
    Config.Broker broker = config.broker();
    return new BrokerContext(
        broker.group(),
        broker.subgroup(),
        broker.event(),
        instance,
        broker.maxHeld(),
        markers,
        broker.replyPatience(),
        broker.section(),
        clock,
        whenEnded);
  }

  static RateLimitStoreContext storeContext(Config config, String instance, Clock clock) {
    Config.RateLimit limits = config.rateLimit();
    return new RateLimitStoreContext(
        instance, config.discord().egress(), limits.global(), limits.section(), clock);
  }

  static CacheStoreContext cacheStoreContext(Config config, String instance, Clock clock) {
    Config.Cache.Rest rest = config.cache().rest();
    return new CacheStoreContext(
        instance, rest.maxBytes(), rest.maxEntryBytes(), rest.section(), clock);
  }

  /** Where what makes answers invalid is noted: beside the limits, if others can see it there. */
  static CacheTags cacheTags(LimitStores stores, Clock clock) {
    return stores.tags().orElseGet(() -> new LocalCacheTags(clock));
  }

  /** Process ids repeat on other machines and in containers, where many a process has number 1. */
  static String name() {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return "proxy-" + ProcessHandle.current().pid() + "-" + random;
  }
}
