package dev.spectacles.proxy.adapter.amqp;

/** Where the deliveries of one channel are acknowledged. Thread-safe; a lost one does nothing. */
interface Receipts {
  /** The request is through: the broker deletes it. */
  void ack(long tag);

  /** The request goes back to its place in the queue. */
  void requeue(long tag);

  /**
   * Whether the broker gave a sign so lately that it cannot have given up the connection, and with
   * it what this process holds.
   */
  boolean isFresh();
}
