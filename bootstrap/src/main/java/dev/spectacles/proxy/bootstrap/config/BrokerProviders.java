package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Brokers that can be chosen by {@code broker.type}. */
public final class BrokerProviders {
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_-]*");

  private final SortedMap<String, BrokerProvider> providers = new TreeMap<>();

  /**
   * These providers.
   *
   * @throws ConfigException if two have the same type, or one has a type that cannot be one
   */
  public BrokerProviders(Collection<? extends BrokerProvider> providers) {
    var problems = new ArrayList<Problem>();
    for (BrokerProvider provider : providers) {
      String type = provider.type();
      String by = provider.getClass().getName();
      if (!TYPE.matcher(type).matches() || Schema.RESERVED.contains(type)) {
        problems.add(
            Problem.general(
                "broker type \""
                    + type
                    + "\" of "
                    + by
                    + " (expected: a lower-case name that is none of "
                    + String.join(", ", Schema.RESERVED)
                    + ")"));
        continue;
      }
      BrokerProvider clash = this.providers.putIfAbsent(type, provider);
      if (clash != null) {
        problems.add(
            Problem.general(
                "broker type \""
                    + type
                    + "\": provided by both "
                    + clash.getClass().getName()
                    + " and "
                    + by
                    + " (expected: one on the class path)"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
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
    BrokerProvider provider = providers.get(type);
    if (provider == null) {
      throw new IllegalArgumentException(
          "broker type: " + type + " (expected: one of " + types() + ")");
    }
    return provider;
  }

  /** Types that can be chosen. */
  public SortedSet<String> types() {
    return new TreeSet<>(providers.keySet());
  }

  List<BrokerProvider> all() {
    return List.copyOf(providers.values());
  }
}
