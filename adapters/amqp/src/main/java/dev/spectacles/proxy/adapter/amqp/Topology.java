package dev.spectacles.proxy.adapter.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

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
  /** Longest name, in bytes, that the protocol can express. */
  static final int LONGEST_NAME = 255;

  Topology {
    events = List.copyOf(new LinkedHashSet<>(events));
  }

  /** That of the requests. */
  static Topology of(BrokerContext context) {
    judge(context.group(), context.subgroup(), context.event());
    return new Topology(context.group(), context.subgroup(), List.of(context.event()));
  }

  /** That of events beside the requests: subscribers differ as subgroups do. */
  static Topology of(BrokerContext context, String subscriber, List<String> events) {
    int group = length(context.group()) + 1;
    for (String event : events) {
      requireShort("event", event, group);
      requireShort("subscriber", subscriber, group + length(event) + 1);
    }
    return new Topology(context.group(), Optional.of(subscriber), events);
  }

  /**
   * Judges the names of the configuration.
   *
   * @throws IllegalArgumentException that names the key whose value is too long
   */
  static void judge(String group, Optional<String> subgroup, String event) {
    requireShort("broker.group", group, 0);
    int before = length(group) + 1;
    requireShort("broker.event", event, before);
    int around = before + length(event) + 1;
    subgroup.ifPresent(name -> requireShort("broker.subgroup", name, around));
  }

  /**
   * Fails for a name that is too long.
   *
   * @param rest bytes of the names that it is put together with
   */
  static void requireShort(String key, String name, int rest) {
    if (length(name) + rest > LONGEST_NAME) {
      String beside = rest == 0 ? "" : ", as the queue's name has " + rest + " bytes beside it";
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: at most %d%s)"
              .formatted(key, length(name), Math.max(0, LONGEST_NAME - rest), beside));
    }
  }

  /** Bytes of this name. */
  static int length(String name) {
    return name.getBytes(UTF_8).length;
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
    declareExchange(channel);
    for (String event : events) {
      try {
        channel.queueDeclare(queue(event), true, false, false, Map.of());
      } catch (IOException e) {
        throw refused(e, "queue " + queue(event), "durable, not exclusive, without arguments");
      }
      channel.queueBind(queue(event), exchange, event);
    }
  }

  /** Declares the exchange alone. */
  void declareExchange(Channel channel) throws IOException {
    try {
      channel.exchangeDeclare(exchange, BuiltinExchangeType.DIRECT, true, false, Map.of());
    } catch (IOException e) {
      throw refused(e, "exchange " + exchange, "direct and durable, without arguments");
    }
  }

  /** Failure to declare this, which says what was expected where it exists otherwise. */
  static IOException refused(IOException failure, String what, String expected) {
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
