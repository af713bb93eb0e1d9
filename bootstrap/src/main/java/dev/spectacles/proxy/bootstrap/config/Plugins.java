package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What can be chosen by configuration. */
public record Plugins(
    Providers<BrokerProvider> brokers,
    Providers<RateLimitStoreProvider> stores,
    Providers<CacheStoreProvider> cacheStores) {
  /** Everything that {@code META-INF/services} names. */
  public static Plugins installed() {
    return new Plugins(
        Providers.brokers(load(BrokerProvider.class)),
        Providers.stores(load(RateLimitStoreProvider.class)),
        Providers.cacheStores(load(CacheStoreProvider.class)));
  }

  /** Types of stores that keep what the gateway tells. */
  SortedSet<String> entityStores() {
    return cacheStores.all().stream()
        .filter(CacheStoreProvider::keepsEntities)
        .map(CacheStoreProvider::type)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <P> List<P> load(Class<P> door) {
    return ServiceLoader.load(door).stream().map(ServiceLoader.Provider::get).toList();
  }
}
