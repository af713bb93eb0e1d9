/**
 * Broker over AMQP 0-9-1, made for RabbitMQ, and its client.
 *
 * <p>Start with {@link AmqpBrokerProvider}, then {@code AmqpBroker}. Two connections, each kept by
 * a {@code Link}: a {@code Consumption} brings requests to the {@code Intake}, which knows who
 * holds what; a {@code Publishing} takes answers from the {@code Publisher}. What is decided when a
 * request comes a second time is in {@code HeldRequests}, without a server, thread or clock.
 */
@NullMarked
package dev.spectacles.proxy.adapter.amqp;

import org.jspecify.annotations.NullMarked;
