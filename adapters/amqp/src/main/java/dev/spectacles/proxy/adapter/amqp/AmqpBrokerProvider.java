package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import java.util.Optional;

/** Provider of the broker {@code amqp}: requests in a queue, answers to the queue they name. */
public final class AmqpBrokerProvider implements BrokerProvider {
  @Override
  public String type() {
    return "amqp";
  }

  @Override
  public ConfigKeys keys() {
    return AmqpSettings.keys();
  }

  @Override
  public String describe(ConfigSection section) {
    return AmqpSettings.of(section).shown();
  }

  @Override
  public void judge(String group, Optional<String> subgroup, String event) {
    Topology.judge(group, subgroup, event);
  }

  @Override
  public boolean hasFeed() {
    return true;
  }

  @Override
  public Broker open(BrokerContext context) {
    return new AmqpBroker(AmqpSettings.of(context.section()), context);
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    return AmqpRequestClient.connect(AmqpSettings.of(context.section()), context);
  }
}
