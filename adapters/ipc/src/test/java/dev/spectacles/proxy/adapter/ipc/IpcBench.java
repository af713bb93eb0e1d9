package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.RealClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Brokers over a socket or a pair of pipes, with a process at their other end. */
final class IpcBench implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(1);
  static final String EVENT = "REQUEST";
  private static final int LONGEST = 64 << 20;

  /** How lines come and go. */
  enum Way {
    SOCKET,
    PIPES
  }

  final CountDownLatch ended = new CountDownLatch(1);
  private final Way way;
  private final Path directory;
  private final List<Runnable> open = new ArrayList<>();
  private String firstInstance = "";
  private Optional<Client> first = Optional.empty();

  IpcBench(Way way) throws IOException {
    this.way = way;
    // Short, as the path of a socket may have some 100 bytes only.
    this.directory = Files.createTempDirectory("ipc");
  }

  IpcBroker open(String instance) {
    return open(instance, LONGEST);
  }

  IpcBroker open(String instance, int longestLine) {
    IpcBroker broker = create(instance, longestLine);
    broker.start();
    return broker;
  }

  /** Broker that is not started. */
  IpcBroker create(String instance) {
    return create(instance, LONGEST);
  }

  private IpcBroker create(String instance, int longestLine) {
    try {
      return way == Way.SOCKET ? listening(instance, longestLine) : piped(instance, longestLine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Process that is connected to the broker created first, which has to be started. */
  Client client() {
    Client client = first.orElseGet(() -> connect(firstInstance));
    first = Optional.of(client);
    return client;
  }

  /** Another one that connects to the broker of that name. */
  Client connect(String instance) {
    try {
      var channel = SocketChannel.open(UnixDomainSocketAddress.of(path(instance)));
      var client =
          new Client(
              Channels.newInputStream(channel),
              Channels.newOutputStream(channel),
              channel,
              channel::shutdownOutput);
      open.add(client::close);
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String instance) {
    return directory.resolve(instance);
  }

  static BrokerContext context(String instance, Map<String, String> section, Runnable whenEnded) {
    return new BrokerContext(
        "gateway",
        Optional.empty(),
        EVENT,
        instance,
        100,
        Optional.empty(),
        PATIENCE,
        new MapSection(IpcSettings.keys(), section),
        new RealClock(),
        whenEnded);
  }

  @Override
  public void close() throws IOException {
    open.reversed().forEach(Runnable::run);
    Files.delete(directory);
  }

  private IpcBroker listening(String instance, int longestLine) {
    var endpoint = new SocketEndpoint(path(instance), new RealClock());
    if (firstInstance.isEmpty()) {
      firstInstance = instance;
    }
    return broker(endpoint, instance, longestLine);
  }

  private IpcBroker piped(String instance, int longestLine) throws IOException {
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    var connection =
        new Connection(
            instance,
            true,
            Channels.newInputStream(there.source()),
            Channels.newOutputStream(back.sink()),
            () -> {
              there.source().close();
              back.sink().close();
            });
    IpcBroker broker = broker(new ParentEndpoint(() -> connection), instance, longestLine);
    var client =
        new Client(
            Channels.newInputStream(back.source()),
            Channels.newOutputStream(there.sink()),
            () -> {
              there.sink().close();
              back.source().close();
            },
            () -> there.sink().close());
    open.add(client::close);
    if (first.isEmpty()) {
      first = Optional.of(client);
    }
    return broker;
  }

  private IpcBroker broker(Endpoint endpoint, String instance, int longestLine) {
    var broker =
        new IpcBroker(endpoint, longestLine, context(instance, Map.of(), ended::countDown));
    open.add(broker::close);
    return broker;
  }
}
