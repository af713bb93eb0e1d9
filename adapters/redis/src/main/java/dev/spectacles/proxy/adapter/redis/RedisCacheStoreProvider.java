package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.CacheStoreContext;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import java.util.Optional;

/** Provider of the stores {@code redis}: shared by all that use the same server. */
public final class RedisCacheStoreProvider implements CacheStoreProvider {
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
  public ResponseStore open(CacheStoreContext context) {
    return new RedisResponseStore(
            RedisSettings.of(context.section()),
            context.instance(),
            context.maxEntryBytes(),
            context.clock())
        .start();
  }

  @Override
  public boolean keepsEntities() {
    return true;
  }

  @Override
  public Optional<EntityStore> openEntities(EntityStoreContext context) {
    return Optional.of(
        new RedisEntityStore(
                RedisSettings.of(context.section()),
                context.instance(),
                context.feed(),
                context.clock())
            .start());
  }
}
