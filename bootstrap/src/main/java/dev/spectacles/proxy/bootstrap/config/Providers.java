package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Providers of one kind, chosen by the type that the configuration names. */
public final class Providers<P> {
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_-]*");

  private final String kind;
  private final SortedMap<String, P> providers = new TreeMap<>();

  private Providers(String kind, Collection<? extends P> providers, Function<P, String> typeOf) {
    this.kind = kind;
    var problems = new ArrayList<Problem>();
    for (P provider : providers) {
      String type = typeOf.apply(provider);
      String by = provider.getClass().getName();
      if (!TYPE.matcher(type).matches() || Schema.RESERVED.contains(type)) {
        problems.add(
            Problem.general(
                "%s type \"%s\" of %s (expected: a lower-case name that is none of %s)"
                    .formatted(kind, type, by, String.join(", ", Schema.RESERVED))));
        continue;
      }
      P clash = this.providers.putIfAbsent(type, provider);
      if (clash != null) {
        problems.add(
            Problem.general(
                "%s type \"%s\": provided by both %s and %s (expected: one on the class path)"
                    .formatted(kind, type, clash.getClass().getName(), by)));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /**
   * Brokers, chosen by {@code broker.type}.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public static Providers<BrokerProvider> brokers(Collection<? extends BrokerProvider> providers) {
    return new Providers<>("broker", providers, BrokerProvider::type);
  }

  /**
   * Stores of rate limits, chosen by {@code ratelimit.store}.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public static Providers<RateLimitStoreProvider> stores(
      Collection<? extends RateLimitStoreProvider> providers) {
    return new Providers<>("limit store", providers, RateLimitStoreProvider::type);
  }

  /**
   * Stores of answers, chosen by {@code cache.rest.store}.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public static Providers<CacheStoreProvider> cacheStores(
      Collection<? extends CacheStoreProvider> providers) {
    return new Providers<>("cache store", providers, CacheStoreProvider::type);
  }

  /** Provider of this type, which has to be one of {@link #types}. */
  public P ofType(String type) {
    P provider = providers.get(type);
    if (provider == null) {
      throw new IllegalArgumentException(
          kind + " type: " + type + " (expected: one of " + types() + ")");
    }
    return provider;
  }

  /** Types that can be chosen. */
  public SortedSet<String> types() {
    return new TreeSet<>(providers.keySet());
  }

  List<P> all() {
    return List.copyOf(providers.values());
  }
}
