package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreContext;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import java.time.Duration;
import java.util.Optional;

/** Provider of the store {@code redis}: shared by all instances that use the same server. */
public final class RedisRateLimitStoreProvider implements RateLimitStoreProvider {
  /**
   * What a dead instance held is free again after this. Three renewals fit in, and an answer that
   * takes longer than one of them is rare.
   */
  private static final Duration LEASE_TIME = Duration.ofMillis(2_500);

  @Override
  public String type() {
    return "redis";
  }

  @Override
  public ConfigKeys keys() {
    return RedisSettings.keys();
  }

  @Override
  public String describe(ConfigSection section) {
    return RedisSettings.of(section).shown();
  }

  @Override
  public LimitStores open(RateLimitStoreContext context) {
    var known =
        new LimiterContext(
            context.instance(),
            context.egress(),
            context.globalLimits(),
            LEASE_TIME,
            context.clock());
    var limits = new RedisRateLimitStore(RedisSettings.of(context.section()), known).start();
    var egress =
        new RedisEgressStore(limits::client, context.egress(), context.instance(), context.clock());
    var markers = new RedisSentMarkers(limits::client);
    var tags = new RedisCacheTags(limits::client);
    return new LimitStores(limits, egress, Optional.of(markers), Optional.of(tags));
  }
}
