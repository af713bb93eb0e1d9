package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import java.util.List;

/**
 * Provider of the broker {@code local}: in memory, for programs that embed the proxy.
 *
 * <p>Brokers and clients of the same provider find each other, and nobody else does. Together they
 * hold up to 100,000 messages and 256 MiB.
 */
public final class LocalBrokerProvider implements BrokerProvider {
  private final LocalExchange exchange = new LocalExchange();

  @Override
  public String type() {
    return "local";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(List.of());
  }

  @Override
  public String describe(ConfigSection section) {
    return "in memory, for callers in this process alone";
  }

  @Override
  public boolean hasFeed() {
    return true;
  }

  @Override
  public Broker open(BrokerContext context) {
    return new LocalBroker(exchange, context.event(), context.replyPatience(), context.clock());
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    if (!exchange.isServed()) {
      throw new BrokerException(
          "No proxy serves in this process: broker.type = local is for programs that embed the"
              + " proxy");
    }
    return new LocalRequestClient(exchange, context.event(), context.clock());
  }
}
