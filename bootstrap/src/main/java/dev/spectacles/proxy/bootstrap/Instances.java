package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.bootstrap.config.Config;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Introduces this process to a broker. */
final class Instances {
  private Instances() {}

  static BrokerContext context(Config config, Clock clock) {
    Config.Broker broker = config.broker();
    return new BrokerContext(
        broker.group(), broker.event(), name(), broker.replyPatience(), broker.section(), clock);
  }

  /** Process ids repeat on other machines and in containers, where many a process has number 1. */
  private static String name() {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return "proxy-" + ProcessHandle.current().pid() + "-" + random;
  }
}
