package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreContext;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import java.util.List;
import java.util.Optional;

/** Provider of the store {@code local}: in memory, of a single instance. */
public final class LocalRateLimitStoreProvider implements RateLimitStoreProvider {
  @Override
  public String type() {
    return "local";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(List.of());
  }

  @Override
  public String describe(ConfigSection section) {
    return "in memory, of this instance alone";
  }

  @Override
  public LimitStores open(RateLimitStoreContext context) {
    return new LimitStores(
        new LocalRateLimitStore(context.clock(), context.globalLimits()),
        new LocalEgressStore(context.clock()),
        Optional.empty(),
        Optional.empty());
  }
}
