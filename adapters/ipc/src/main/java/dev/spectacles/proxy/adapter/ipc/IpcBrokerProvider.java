package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.ipc.IpcSettings.Transport;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import java.nio.file.Path;
import java.util.Map;

/** Provider of the broker {@code ipc}: requests and answers as lines of JSON, on one machine. */
public final class IpcBrokerProvider implements BrokerProvider {
  private final Map<String, String> environment;

  /** For {@link java.util.ServiceLoader}. */
  public IpcBrokerProvider() {
    this(System.getenv());
  }

  IpcBrokerProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String type() {
    return "ipc";
  }

  @Override
  public ConfigKeys keys() {
    return IpcSettings.keys();
  }

  @Override
  public String describe(ConfigSection section) {
    return settings(section).shown();
  }

  @Override
  public Reach reach(ConfigSection section) {
    return switch (settings(section).transport()) {
      case Transport.StandardStreams() -> Reach.STANDARD_STREAMS;
      case Transport.Node(int descriptor) -> Reach.PARENT;
      case Transport.Socket(Path path) -> Reach.OTHERS;
    };
  }

  @Override
  public Broker open(BrokerContext context) {
    IpcSettings settings = settings(context.section());
    Endpoint endpoint =
        switch (settings.transport()) {
          case Transport.StandardStreams() -> ParentEndpoint.standardStreams();
          case Transport.Node(int descriptor) -> ParentEndpoint.node(descriptor);
          case Transport.Socket(Path path) -> new SocketEndpoint(path, context.clock());
        };
    return new IpcBroker(endpoint, settings.longestLine(), context);
  }

  @Override
  public RequestClient connect(BrokerContext context) {
    IpcSettings settings = settings(context.section());
    Path path =
        settings
            .path()
            .orElseThrow(
                () ->
                    new BrokerException(
                        "ipc.path: empty (expected: the socket of a running proxy; one that serves"
                            + " its parent cannot be called by others)"));
    return IpcRequestClient.connect(path, settings.longestLine(), context);
  }

  private IpcSettings settings(ConfigSection section) {
    return IpcSettings.of(section, environment);
  }
}
