package dev.spectacles.proxy.shelf;

import dev.spectacles.proxy.adapter.spi.CacheStoreContext;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Provider of the store {@code shelf}: files in the folder {@code shelf.folder}. */
public final class ShelfCacheStoreProvider implements CacheStoreProvider {
  @Override
  public String type() {
    return "shelf";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(
        List.of(ConfigKeys.text("folder", "", "Where the answers and entities lie.")));
  }

  @Override
  public String describe(ConfigSection section) {
    return "in " + folder(section);
  }

  @Override
  public ResponseStore open(CacheStoreContext context) {
    return new ShelfResponseStore(
        folder(context.section()), context.maxBytes(), context.maxEntryBytes(), context.clock());
  }

  @Override
  public boolean keepsEntities() {
    return true;
  }

  @Override
  public Optional<EntityStore> openEntities(EntityStoreContext context) {
    return Optional.of(
        new ShelfEntityStore(folder(context.section()), context.maxBytes(), context.clock()));
  }

  private static Path folder(ConfigSection section) {
    return Path.of(
        section
            .text("folder")
            .orElseThrow(
                () -> new IllegalArgumentException("shelf.folder: empty (expected: a folder)")));
  }
}
