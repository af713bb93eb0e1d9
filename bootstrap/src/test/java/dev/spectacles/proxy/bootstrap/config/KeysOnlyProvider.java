package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import java.util.List;

/** Provider that only declares keys, one of each type. */
record KeysOnlyProvider(String type, ConfigKeys keys) implements BrokerProvider {
  static KeysOnlyProvider redis() {
    return new KeysOnlyProvider(
        "redis",
        new ConfigKeys(
            List.of(
                ConfigKeys.text("url", "localhost:6379", "Where it is."),
                ConfigKeys.number("pool_size", 32, 1, 1000, "Most connections."))));
  }

  static KeysOnlyProvider ofEveryType() {
    return new KeysOnlyProvider(
        "every",
        new ConfigKeys(
            List.of(
                ConfigKeys.text("name", "", "A text."),
                ConfigKeys.secret("password", "", "A secret."),
                ConfigKeys.choice("colour", "red", List.of("red", "green"), "A choice."),
                ConfigKeys.number("count", 3, -5, 5, "A number."),
                ConfigKeys.flag("on", false, "A flag."),
                ConfigKeys.duration("pause", "1s", "A duration."),
                ConfigKeys.list("hosts", "a,b", "A list."))));
  }

  @Override
  public String describe(ConfigSection section) {
    return "nowhere";
  }

  @Override
  public Broker open(BrokerContext context) {
    throw new AssertionError("only the keys are asked for");
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    throw new AssertionError("only the keys are asked for");
  }
}
