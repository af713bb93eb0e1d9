package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of the exchange and of its queues, and how they are declared: the same by all clients of
 * the protocol, or the broker refuses the second who declares them.
 */
record Topology(String exchange, Optional<String> subgroup, List<String> events) {
  Topology {
    events = List.copyOf(new LinkedHashSet<>(events));
  }

  /** That of the requests. */
  static Topology of(BrokerContext context) {
    return new Topology(context.group(), context.subgroup(), List.of(context.event()));
  }

  /** That of events beside the requests: subscribers differ as subgroups do. */
  static Topology of(BrokerContext context, String subscriber, List<String> events) {
    return new Topology(context.group(), Optional.of(subscriber), events);
  }

  /** Name of the queue of this event. */
  String queue(String event) {
    return exchange + ":" + subgroup.map(group -> group + ":").orElse("") + event;
  }

  /** Names of all its queues. */
  List<String> queues() {
    return events.stream().map(this::queue).toList();
  }

  /** Declares the exchange and the queues, and binds them. */
  void declare(Channel channel) throws IOException {
    try {
      channel.exchangeDeclare(exchange, BuiltinExchangeType.DIRECT, true, false, Map.of());
    } catch (IOException e) {
      throw refused(e, "exchange " + exchange, "direct and durable, without arguments");
    }
    for (String event : events) {
      try {
        channel.queueDeclare(queue(event), true, false, false, Map.of());
      } catch (IOException e) {
        throw refused(e, "queue " + queue(event), "durable, not exclusive, without arguments");
      }
      channel.queueBind(queue(event), exchange, event);
    }
  }

  private static IOException refused(IOException failure, String what, String expected) {
    return Failures.isMismatch(failure)
        ? new TopologyException(
            "RabbitMQ has "
                + what
                + " with other properties: "
                + Failures.reason(failure)
                + " (expected: "
                + expected
                + ", as every Spectacles client declares it); delete it, or choose another"
                + " broker.group or broker.subgroup; trying again",
            failure)
        : failure;
  }
}
