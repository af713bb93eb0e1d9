package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.util.List;

/**
 * Events of one subscriber; all instances that read as this subscriber share them.
 *
 * <p>At least once: an event that was taken and not acked comes again, to whichever instance. When,
 * is the broker's: at once when the stream is closed, at once or later when it was abandoned, later
 * after its instance died, or, with brokers that know such a time, when it has lain untouched for
 * too long. Events are therefore to be dealt with promptly, unlike a held {@link Delivery}, which
 * its broker keeps.
 *
 * <p>Thread-safe. Closed by whoever asked for it, before its {@link Broker}.
 */
public interface EventStream extends AutoCloseable {
  /**
   * Waits for events and takes at most so many, those of one name in the order of publishing.
   *
   * @return what arrived; empty when nothing did in that time, or the stream or its broker drains
   *     or is closed
   */
  List<Event> receive(int atMost, Duration wait) throws InterruptedException;

  /** Ends a wait that is on, and leaves to others what was taken and not acked. */
  @Override
  void close();
}
