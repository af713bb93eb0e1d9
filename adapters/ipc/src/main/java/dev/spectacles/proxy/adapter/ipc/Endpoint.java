package dev.spectacles.proxy.adapter.ipc;

import java.util.function.Consumer;

/** Where other processes come from. */
interface Endpoint extends AutoCloseable {
  /**
   * Hands over every connection, also those to come.
   *
   * @throws dev.spectacles.proxy.application.port.out.BrokerException if nobody can come
   */
  void start(Consumer<Connection> arrivals);

  /** Lets nobody in any more; connections are not its own. */
  @Override
  void close();
}
