package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever connects to a Unix socket. */
final class SocketEndpoint implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SocketEndpoint.class);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Path path;
  private final Clock clock;
  private final AtomicReference<@Nullable SocketFile> file = new AtomicReference<>();

  SocketEndpoint(Path path, Clock clock) {
    this.path = path;
    this.clock = clock;
  }

  @Override
  public void start(Consumer<Connection> arrivals) {
    SocketFile bound = SocketFile.bind(path);
    file.set(bound);
    Thread.ofVirtual().name("ipc-accept").start(() -> accept(bound, arrivals));
  }

  @Override
  public void close() {
    Optional.ofNullable(file.getAndSet(null)).ifPresent(SocketFile::close);
  }

  private void accept(SocketFile bound, Consumer<Connection> arrivals) {
    int count = 0;
    try {
      while (bound.isOpen()) {
        try {
          arrivals.accept(connection("client-" + ++count, bound.accept()));
        } catch (IOException e) {
          if (bound.isOpen()) {
            LOG.warn("nobody can connect to {} for now: {}", path, e.getMessage());
            clock.sleep(PAUSE);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Connection connection(String name, SocketChannel channel) {
    return new Connection(
        name, false, Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
  }
}
