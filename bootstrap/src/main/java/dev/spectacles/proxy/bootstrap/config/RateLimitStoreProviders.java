package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;

/** Stores of rate limits that can be chosen by {@code ratelimit.store}. */
public final class RateLimitStoreProviders {
  private final ByType<RateLimitStoreProvider> providers;

  /**
   * These providers.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public RateLimitStoreProviders(Collection<? extends RateLimitStoreProvider> providers) {
    this.providers = new ByType<>("limit store", providers, RateLimitStoreProvider::type);
  }

  /** Every provider that {@code META-INF/services} names. */
  public static RateLimitStoreProviders installed() {
    return new RateLimitStoreProviders(
        ServiceLoader.load(RateLimitStoreProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /** Provider of this type, which has to be one of {@link #types}. */
  public RateLimitStoreProvider ofType(String type) {
    return providers.ofType(type);
  }

  /** Types that can be chosen. */
  public SortedSet<String> types() {
    return providers.types();
  }

  List<RateLimitStoreProvider> all() {
    return providers.all();
  }
}
