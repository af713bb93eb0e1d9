package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;

/** Brokers that can be chosen by {@code broker.type}. */
public final class BrokerProviders {
  private final ByType<BrokerProvider> providers;

  /**
   * These providers.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public BrokerProviders(Collection<? extends BrokerProvider> providers) {
    this.providers = new ByType<>("broker", providers, BrokerProvider::type);
  }

  /** Every provider that {@code META-INF/services} names. */
  public static BrokerProviders installed() {
    return new BrokerProviders(
        ServiceLoader.load(BrokerProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /** Provider of this type, which has to be one of {@link #types}. */
  public BrokerProvider ofType(String type) {
    return providers.ofType(type);
  }

  /** Types that can be chosen. */
  public SortedSet<String> types() {
    return providers.types();
  }

  List<BrokerProvider> all() {
    return providers.all();
  }
}
