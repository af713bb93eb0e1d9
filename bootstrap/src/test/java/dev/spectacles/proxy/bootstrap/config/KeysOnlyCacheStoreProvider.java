package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.CacheStoreContext;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import java.util.List;

/** Provider that only declares keys, and refuses an {@code url} of {@code nowhere}. */
record KeysOnlyCacheStoreProvider(String type, ConfigKeys keys) implements CacheStoreProvider {
  static KeysOnlyCacheStoreProvider redis() {
    return new KeysOnlyCacheStoreProvider("redis", KeysOnlyProvider.redis().keys());
  }

  static KeysOnlyCacheStoreProvider shelf() {
    return new KeysOnlyCacheStoreProvider(
        "shelf", new ConfigKeys(List.of(ConfigKeys.text("url", "", "Where it is."))));
  }

  @Override
  public String describe(ConfigSection section) {
    String url = section.text("url").orElse("");
    if (url.equals("nowhere")) {
      throw new IllegalArgumentException(type + ".url: no address (expected: somewhere)");
    }
    return "at " + url;
  }

  @Override
  public ResponseStore open(CacheStoreContext context) {
    throw new AssertionError("only the keys are asked for");
  }
}
