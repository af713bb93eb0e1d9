package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Instant;
import java.util.Optional;

/**
 * Request or other event as the broker delivered it.
 *
 * @param event what it was published as
 * @param id name for logs, the same wherever the request is delivered if it has an identity
 * @param replyTo queue that the answer goes to; none if no answer is wanted
 * @param redelivered whether the broker delivered it before
 */
record Message(
    String event,
    String id,
    Optional<Identity> identity,
    Optional<String> replyTo,
    Optional<String> correlationId,
    Optional<Instant> expiry,
    boolean redelivered,
    Body payload) {
  /**
   * Message of these properties, received at this time.
   *
   * @param queue where it was
   * @param fallbackId name for one without an identity
   */
  static Message of(
      String event,
      String queue,
      String fallbackId,
      BasicProperties properties,
      boolean redelivered,
      byte[] payload,
      Instant received) {
    Optional<Identity> identity = Identity.of(queue, properties);
    return new Message(
        event,
        identity.map(Identity::hash).orElse(fallbackId),
        identity,
        Optional.ofNullable(properties.getReplyTo()).filter(queueName -> !queueName.isEmpty()),
        Optional.ofNullable(properties.getCorrelationId()),
        Expiration.of(properties, received),
        redelivered,
        Body.of(payload));
  }
}
