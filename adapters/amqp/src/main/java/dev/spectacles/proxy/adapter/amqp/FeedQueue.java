package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.application.port.out.EventFeed.Share;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Queue of a feed: one for all names, as only a queue has an order.
 *
 * <p>For one instance {@code <group>:<subscriber>}, durable, with a single active consumer. For
 * every instance one that the broker names, which lives as long as its connection.
 *
 * @param topology exchange and names
 */
record FeedQueue(Topology topology, String subscriber, Share share) {
  private static final String SINGLE_ACTIVE_CONSUMER = "x-single-active-consumer";

  /**
   * Queue that is there.
   *
   * @param existed whether it was there before
   */
  record Declared(String name, boolean existed) {}

  static FeedQueue of(BrokerContext context, String subscriber, List<String> names, Share share) {
    Topology.requireShort("subscriber", subscriber, Topology.length(context.group()) + 1);
    names.forEach(name -> Topology.requireShort("names", name, 0));
    var topology = new Topology(context.group(), Optional.of(subscriber), names);
    return new FeedQueue(topology, subscriber, share);
  }

  /** Declares it, and binds it to all names. */
  Declared declare(Connection connection) throws IOException, TimeoutException {
    boolean existed = share == Share.ONE_INSTANCE && exists(connection);
    try (Channel channel = connection.createChannel()) {
      topology.declareExchange(channel);
      String name = declare(channel);
      for (String event : topology.events()) {
        channel.queueBind(name, topology.exchange(), event);
      }
      return new Declared(name, existed);
    }
  }

  private String declare(Channel channel) throws IOException {
    if (share == Share.EVERY_INSTANCE) {
      // Not deleted with its last consumer, which goes whenever what it holds is given back.
      return channel.queueDeclare("", false, true, false, Map.of()).getQueue();
    }
    try {
      channel.queueDeclare(shared(), true, false, false, Map.of(SINGLE_ACTIVE_CONSUMER, true));
    } catch (IOException e) {
      throw Topology.refused(
          e, "queue " + shared(), "durable, not exclusive, with " + SINGLE_ACTIVE_CONSUMER);
    }
    return shared();
  }

  /** To ask for a queue that is not there costs the channel. */
  private boolean exists(Connection connection) throws IOException, TimeoutException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclarePassive(shared());
    } catch (IOException e) {
      if (Failures.isMissing(e)) {
        return false;
      }
      throw e;
    }
    channel.close();
    return true;
  }

  private String shared() {
    return topology.exchange() + ":" + subscriber;
  }
}
