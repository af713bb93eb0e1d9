package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.util.List;

/**
 * Source of requests and way back for their answers.
 *
 * <p>A request stays with the broker until its {@link Delivery} is settled, so the death of this
 * process loses none: the broker hands it to another instance. While a delivery is held, the broker
 * keeps others from taking it over, however long it waits.
 *
 * <p>Thread-safe. Lost connections are the adapter's to restore: {@link #receive} then waits and
 * goes on. Implementations pass {@code BrokerContract}.
 */
public interface Broker extends AutoCloseable {
  /** Connects, in the background if it has to; returns without waiting for the server. */
  void start();

  /**
   * Waits for requests and takes at most so many.
   *
   * @return what arrived, empty when nothing did in that time or {@link #drain} was called
   */
  List<Delivery> receive(int atMost, Duration wait) throws InterruptedException;

  /** Stops taking requests; what is held can still be answered. */
  void drain();

  /**
   * Gives up what is still held, for others to take over, and disconnects.
   *
   * <p>Calls {@link #drain} first if nobody has.
   */
  @Override
  void close();
}
