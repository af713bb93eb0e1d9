package dev.spectacles.proxy.adapter.redis;

import java.util.concurrent.CompletableFuture;

/**
 * Answer on its way out.
 *
 * @param plan the pump's thread owns it
 * @param outcome for the thread that waits
 */
record PendingReply(
    RedisDelivery delivery, byte[] payload, OfferPlan plan, CompletableFuture<Boolean> outcome) {
  long dueAt() {
    return plan.dueAt();
  }

  /** Identity: queues hold it, and arrays have no equality of their own. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
