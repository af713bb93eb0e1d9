package dev.spectacles.proxy.application.port.out;

/**
 * Event taken from an {@link EventStream}, which stays with the broker until {@link #ack}.
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
}
