package dev.spectacles.proxy.bootstrap.config;

/** What can be chosen by configuration. */
public record Plugins(BrokerProviders brokers, RateLimitStoreProviders stores) {
  /** Everything that {@code META-INF/services} names. */
  public static Plugins installed() {
    return new Plugins(BrokerProviders.installed(), RateLimitStoreProviders.installed());
  }
}
