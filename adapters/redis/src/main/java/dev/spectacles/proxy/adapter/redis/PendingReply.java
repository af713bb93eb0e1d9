package dev.spectacles.proxy.adapter.redis;

import java.util.concurrent.CompletableFuture;

/** Answer on its way out: the pump's thread owns its plan, whoever waits for it its outcome. */
final class PendingReply {
  private final RedisDelivery delivery;
  private final byte[] payload;
  private final OfferPlan plan;
  private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

  PendingReply(RedisDelivery delivery, byte[] payload, OfferPlan plan) {
    this.delivery = delivery;
    this.payload = payload;
    this.plan = plan;
  }

  RedisDelivery delivery() {
    return delivery;
  }

  byte[] payload() {
    return payload;
  }

  OfferPlan plan() {
    return plan;
  }

  CompletableFuture<Boolean> outcome() {
    return outcome;
  }
}
