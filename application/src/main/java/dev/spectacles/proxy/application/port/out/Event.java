package dev.spectacles.proxy.application.port.out;

/**
 * Event taken from an {@link EventStream}, which stays with the broker until {@link #ack}; whoever
 * cannot deal with it says so by {@link #abandon}.
 *
 * <p>Not thread-safe: one thread handles an event.
 */
public interface Event {
  /** Name for logs, such as a stream entry's id; unique among the events of its name. */
  String id();

  /** What it was published as. */
  String name();

  /** What was published, byte for byte; not to be changed. */
  byte[] payload();

  /** Whether an instance had it before. */
  boolean redelivered();

  /**
   * Tells the broker that it is dealt with, so that no instance gets it again.
   *
   * @throws BrokerException if the broker did not hear it: some instance may get it again
   */
  void ack() throws InterruptedException;

  /**
   * Leaves it to whoever reads next, at once or when the broker's time has come: it comes again,
   * {@link #redelivered} where the broker can tell. Does nothing if it was acked, or its stream is
   * closed, which left it to others already.
   */
  void abandon();
}
