package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;

/** Provider of the broker {@code redis}: requests in a stream, answers by publish/subscribe. */
public final class RedisBrokerProvider implements BrokerProvider {
  @Override
  public String type() {
    return "redis";
  }

  @Override
  public ConfigKeys keys() {
    return RedisSettings.keys();
  }

  @Override
  public String describe(ConfigSection section) {
    return RedisSettings.of(section).shown();
  }

  @Override
  public boolean hasFeed() {
    return true;
  }

  @Override
  public Broker open(BrokerContext context) {
    return new RedisBroker(RedisSettings.of(context.section()), context);
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    return RedisRequestClient.connect(RedisSettings.of(context.section()), context);
  }
}
