package dev.spectacles.proxy.adapter.amqp;

/** Right to settle one delivery, as long as its channel lives. */
record Receipt(Receipts channel, long tag) {
  void ack() {
    channel.ack(tag);
  }

  void requeue() {
    channel.requeue(tag);
  }
}
