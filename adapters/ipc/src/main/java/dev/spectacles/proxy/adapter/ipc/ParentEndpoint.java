package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.function.Consumer;

/** The one connection to the process that started this one. */
final class ParentEndpoint implements Endpoint {
  /** Makes the connection. */
  @FunctionalInterface
  interface Opening {
    Connection open();
  }

  private final Opening opening;

  ParentEndpoint(Opening opening) {
    this.opening = opening;
  }

  /** Standard input and output. */
  static ParentEndpoint standardStreams() {
    return new ParentEndpoint(
        () ->
            new Connection(
                "stdio",
                true,
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                // They belong to the process and end with it.
                () -> {}));
  }

  /** The channel that Node.js left open under this number. */
  static ParentEndpoint node(int descriptor) {
    return new ParentEndpoint(
        () -> {
          FileDescriptor channel = NodeDescriptor.of(descriptor);
          if (!channel.valid()) {
            throw new BrokerException(
                NodeDescriptor.VARIABLE + ": " + descriptor + " (expected: an open descriptor)");
          }
          var in = new FileInputStream(channel);
          return new Connection("node", true, in, new FileOutputStream(channel), in);
        });
  }

  @Override
  public void start(Consumer<Connection> arrivals) {
    arrivals.accept(opening.open());
  }

  @Override
  public void close() {}
}
