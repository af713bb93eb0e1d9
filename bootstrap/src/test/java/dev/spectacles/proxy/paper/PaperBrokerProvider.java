package dev.spectacles.proxy.paper;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import java.nio.file.Path;
import java.util.List;

/** Provider of the broker {@code paper}: files in the folder {@code paper.folder}. */
public final class PaperBrokerProvider implements BrokerProvider {
  @Override
  public String type() {
    return "paper";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(List.of(ConfigKeys.text("folder", "", "Where the messages lie.")));
  }

  @Override
  public String describe(ConfigSection section) {
    return "in " + folder(section);
  }

  @Override
  public Broker open(BrokerContext context) {
    return new PaperBroker(desk(context), context.event(), context.replyPatience());
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    return new PaperRequestClient(desk(context), context.event());
  }

  private static PaperDesk desk(BrokerContext context) {
    return new PaperDesk(folder(context.section()), context.clock());
  }

  private static Path folder(ConfigSection section) {
    return Path.of(
        section
            .text("folder")
            .orElseThrow(
                () -> new IllegalArgumentException("paper.folder: empty (expected: a folder)")));
  }
}
