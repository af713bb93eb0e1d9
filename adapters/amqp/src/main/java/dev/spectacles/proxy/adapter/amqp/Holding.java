package dev.spectacles.proxy.adapter.amqp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Request that this process holds; guarded by the lock of {@link Intake}. */
final class Holding {
  private final Message message;
  private @Nullable Receipt receipt;
  private boolean noted;
  private boolean wasOrphaned;

  Holding(Message message, Receipt receipt) {
    this.message = message;
    this.receipt = receipt;
  }

  Message message() {
    return message;
  }

  /** None while the broker may give the request to somebody else. */
  Optional<Receipt> receipt() {
    return Optional.ofNullable(receipt);
  }

  boolean isOf(Receipts channel) {
    return receipt != null && receipt.channel().equals(channel);
  }

  /** It came again: it is ours. */
  void adopted(Receipt again) {
    receipt = again;
  }

  /** Its channel is gone. */
  void orphaned() {
    receipt = null;
    wasOrphaned = true;
  }

  /** There is a note of it, by us. */
  void noted() {
    noted = true;
  }

  boolean isNoted() {
    return noted;
  }

  /**
   * Whether another instance may have answered it: one that held it before, unless the mark is
   * ours, or one that the broker gave it to while our channel was gone.
   */
  boolean mayBeWithOthers() {
    return wasOrphaned || (message.redelivered() && !noted);
  }
}
