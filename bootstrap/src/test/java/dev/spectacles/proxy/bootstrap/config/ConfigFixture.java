package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spectacles.proxy.adapter.caffeine.CaffeineCacheStoreProvider;
import dev.spectacles.proxy.adapter.local.LocalRateLimitStoreProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Configuration of a test: a folder, its proxy.toml, and an environment. */
final class ConfigFixture {
  static final Plugins PLUGINS =
      new Plugins(
          Providers.brokers(List.of(KeysOnlyProvider.redis(), KeysOnlyProvider.ofEveryType())),
          Providers.stores(List.of(new LocalRateLimitStoreProvider())),
          Providers.cacheStores(
              List.of(
                  new CaffeineCacheStoreProvider(),
                  KeysOnlyCacheStoreProvider.redis(),
                  KeysOnlyCacheStoreProvider.shelf())));

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  ConfigFixture(Path directory) {
    this.directory = directory;
  }

  ConfigFixture file(String... lines) {
    try {
      Files.writeString(directory.resolve("proxy.toml"), String.join("\n", lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  ConfigFixture environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  ConfigLoader loader() {
    return new ConfigLoader("1.2.3", PLUGINS, environment, directory);
  }

  Config load(ConfigLoader.OptionValue... options) {
    return loader().load(options);
  }

  List<String> problems() {
    ConfigException refused = catchThrowableOfType(ConfigException.class, this::load);
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }
}
