package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;

/**
 * What every broker gets to know.
 *
 * @param group consumer group or exchange
 * @param event stream or routing key that carries the requests
 * @param instance name of this process, unique among all that share the broker
 * @param replyPatience how long an answer is offered to a caller who is not there (yet)
 * @param section the settings of the broker's own section
 */
public record BrokerContext(
    String group,
    String event,
    String instance,
    Duration replyPatience,
    ConfigSection section,
    Clock clock) {}
