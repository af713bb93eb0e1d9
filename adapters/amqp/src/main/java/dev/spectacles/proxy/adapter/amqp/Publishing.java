package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.adapter.amqp.Publisher.Pending;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connection over which messages are published, each confirmed or returned. */
final class Publishing implements Link.Session, Publisher.Writer, ConfirmListener {
  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private final Publisher publisher;
  private final Connection connection;
  private final Channel channel;
  private final NavigableMap<Long, Pending> unconfirmed = new ConcurrentSkipListMap<>();
  private volatile boolean blocked;
  private volatile Optional<ShutdownSignalException> ended = Optional.empty();

  private Publishing(Publisher publisher, Connection connection, Channel channel) {
    this.publisher = publisher;
    this.connection = connection;
    this.channel = channel;
  }

  /** Connects, and declares what may be published to before anything is. */
  static Publishing open(
      Connections connections, Publisher publisher, List<Topology> topologies, Clock clock)
      throws IOException, TimeoutException {
    Connection connection = connections.open("answers", new Pulse(clock), Gate.OPEN);
    boolean opened = false;
    try {
      Channel channel = connection.createChannel();
      var publishing = new Publishing(publisher, connection, channel);
      connection.addBlockedListener(publishing::blocked, publishing::unblocked);
      channel.addShutdownListener(publishing::ended);
      channel.addConfirmListener(publishing);
      channel.addReturnListener(
          returned -> publishing.returned(returned.getProperties().getMessageId()));
      for (Topology topology : topologies) {
        topology.declare(channel);
      }
      channel.confirmSelect();
      opened = true;
      return publishing;
    } finally {
      if (!opened) {
        Connections.close(connection);
      }
    }
  }

  @Override
  public String run() throws InterruptedException {
    try {
      Optional<Pending> next = publisher.next(this);
      while (next.isPresent()) {
        write(next.get());
        next = publisher.next(this);
      }
    } catch (IOException | ShutdownSignalException e) {
      LOG.debug("message not written: {}", Failures.reason(e));
    } finally {
      // Nothing is confirmed any more once it is closed.
      close();
      boolean refused = ended.filter(signal -> !signal.isHardError()).isPresent();
      publisher.unconfirmed(List.copyOf(unconfirmed.values()), refused);
    }
    return ended.map(Failures::reason).orElse("the connection was closed");
  }

  /**
   * Messages of a queue that are with no consumer; empty while the broker reads nothing from here.
   *
   * <p>Asks over a channel of its own, and waits as long as for any other answer of the broker.
   */
  OptionalLong ready(String queue) {
    if (blocked || hasEnded()) {
      return OptionalLong.empty();
    }
    try (Channel asking = connection.createChannel()) {
      return OptionalLong.of(asking.messageCount(queue));
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new BrokerException("Counting what waits failed: " + Failures.reason(e));
    }
  }

  @Override
  public boolean close() {
    return Connections.close(connection);
  }

  @Override
  public boolean hasEnded() {
    return ended.isPresent();
  }

  @Override
  public boolean isBlocked() {
    return blocked;
  }

  @Override
  public void handleAck(long sequence, boolean multiple) {
    settle(sequence, multiple, Pending::confirmed);
  }

  @Override
  public void handleNack(long sequence, boolean multiple) {
    settle(sequence, multiple, Pending::refused);
  }

  private void write(Pending pending) throws IOException {
    long sequence = channel.getNextPublishSeqNo();
    unconfirmed.put(sequence, pending);
    Outgoing message = pending.message();
    BasicProperties.Builder properties = message.properties();
    if (message.mandatory()) {
      // To be known again when it is returned. Readers of events take an id for unique.
      properties.messageId(Long.toString(sequence));
    }
    channel.basicPublish(
        message.exchange(),
        message.routingKey(),
        message.mandatory(),
        properties.build(),
        message.payload().bytes());
  }

  /** The broker returns a message before it confirms it. */
  private void returned(String messageId) {
    Pending pending = unconfirmed.get(Long.parseLong(messageId));
    if (pending != null) {
      pending.returned();
    }
  }

  private void settle(long sequence, boolean multiple, Consumer<Pending> outcome) {
    if (multiple) {
      var settled = unconfirmed.headMap(sequence, true);
      new ArrayList<>(settled.values()).forEach(outcome);
      settled.clear();
    } else {
      Pending pending = unconfirmed.remove(sequence);
      if (pending != null) {
        outcome.accept(pending);
      }
    }
  }

  private void blocked(String reason) {
    blocked = true;
    LOG.warn("RabbitMQ takes no answers for now: {}; they wait", reason);
  }

  private void unblocked() {
    blocked = false;
    LOG.info("RabbitMQ takes answers again");
    publisher.wake();
  }

  private void ended(ShutdownSignalException signal) {
    ended = Optional.of(signal);
    publisher.wake();
  }
}
