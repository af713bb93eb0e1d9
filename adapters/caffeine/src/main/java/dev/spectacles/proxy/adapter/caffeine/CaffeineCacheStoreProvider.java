package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.adapter.spi.CacheStoreContext;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import java.util.List;
import java.util.Optional;

/** Provider of the stores {@code memory}: in this process, of this instance alone. */
public final class CaffeineCacheStoreProvider implements CacheStoreProvider {
  @Override
  public String type() {
    return "memory";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(List.of());
  }

  @Override
  public String describe(ConfigSection section) {
    return "of this instance alone";
  }

  @Override
  public ResponseStore open(CacheStoreContext context) {
    return new CaffeineResponseStore(context.maxBytes(), context.maxEntryBytes(), context.clock());
  }

  @Override
  public boolean keepsEntities() {
    return true;
  }

  @Override
  public Optional<EntityStore> openEntities(EntityStoreContext context) {
    return Optional.of(new HeapEntityStore(context.maxBytes(), context.clock()));
  }
}
