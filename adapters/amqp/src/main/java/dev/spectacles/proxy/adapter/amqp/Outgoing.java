package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.domain.request.Body;

/**
 * Message to publish.
 *
 * @param mandatory whether it shall be returned where no queue takes it
 * @param properties all but {@code message_id}, by which the broker's return is told from others
 */
record Outgoing(
    String exchange,
    String routingKey,
    boolean mandatory,
    BasicProperties.Builder properties,
    Body payload) {
  /** Delivery mode of what survives a restart of the broker, in a durable queue. */
  static final int PERSISTENT = 2;
}
