package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection over which the events of a feed come, with a channel for each turn of its intake: what
 * is given back goes back with its channel, all at once and in its order. Thread-safe.
 */
final class FeedConsumption implements Link.Session {
  private static final Logger LOG = LoggerFactory.getLogger(FeedConsumption.class);

  /** What it needs; {@code declared} notes that the queue was there once. */
  record Parts(
      Connections connections,
      FeedQueue queue,
      FeedIntake intake,
      AtomicBoolean declared,
      String instance,
      Clock clock) {}

  /** Two of the batches in which events are kept. */
  private static final int PREFETCHED = 1_000;

  private static final String APP = "app";
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Parts parts;
  private final Connection connection;
  private final String queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<String> ended = Optional.empty();

  private FeedConsumption(Parts parts, Connection connection, String queue) {
    this.parts = parts;
    this.connection = connection;
    this.queue = queue;
  }

  /** Connects and declares the queue; nothing comes before somebody wants it. */
  static FeedConsumption open(Parts parts) throws IOException, TimeoutException {
    var pulse = new Pulse(parts.clock());
    String role = "feed-" + parts.queue().subscriber();
    Connection connection = parts.connections().open(role, pulse, parts.intake());
    boolean opened = false;
    try {
      FeedQueue.Declared declared = parts.queue().declare(connection);
      if (parts.declared().getAndSet(true) && !declared.existed()) {
        LOG.warn("The queue of feed {} was gone: events were lost", parts.queue().subscriber());
        parts.intake().missed();
      }
      var consumption = new FeedConsumption(parts, connection, declared.name());
      connection.addShutdownListener(signal -> consumption.end(Failures.reason(signal)));
      opened = true;
      return consumption;
    } finally {
      if (!opened) {
        Connections.close(connection);
      }
    }
  }

  @Override
  public String run() throws InterruptedException {
    OptionalLong served = OptionalLong.empty();
    Optional<Channel> channel = Optional.empty();
    try {
      while (awaitTurn(served)) {
        if (channel.isPresent()) {
          channel.get().close();
          channel = Optional.empty();
        }
        served = parts.intake().turn();
        if (served.isPresent()) {
          channel = Optional.of(consume(served.getAsLong()));
        }
      }
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      end(Failures.reason(e));
    } finally {
      parts.intake().lost();
    }
    return reason();
  }

  /** Somebody wants events, or does not any more. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean close() {
    boolean confirmed = Connections.close(connection);
    end("closed");
    return confirmed;
  }

  private Channel consume(long turn) throws IOException {
    Channel channel = connection.createChannel();
    channel.addShutdownListener(
        signal -> {
          if (!signal.isInitiatedByApplication()) {
            end(Failures.reason(signal));
          }
        });
    channel.basicQos(PREFETCHED);
    channel.basicConsume(queue, false, new Deliveries(channel, turn));
    parts.intake().consuming(turn);
    return channel;
  }

  /** Waits until another turn is to be served than this one; says whether it can be. */
  private boolean awaitTurn(OptionalLong served) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (ended.isEmpty() && parts.intake().turn().equals(served)) {
        long unused = changed.awaitNanos(LOOK.toNanos());
      }
      return ended.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private String reason() {
    lock.lock();
    try {
      return ended.orElse("the connection was closed");
    } finally {
      lock.unlock();
    }
  }

  private void end(String reason) {
    lock.lock();
    try {
      ended = ended.or(() -> Optional.of(reason));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What the client calls, in the order in which the broker sent it. */
  private final class Deliveries extends DefaultConsumer {
    private final long turn;

    Deliveries(Channel channel, long turn) {
      super(channel);
      this.turn = turn;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, BasicProperties properties, byte[] body) {
      long tag = envelope.getDeliveryTag();
      Instant published =
          Optional.ofNullable(properties.getTimestamp())
              .map(Date::toInstant)
              .orElseGet(() -> parts.clock().wallTime());
      var event =
          new Fed(
              parts.instance() + "-" + turn + "-" + tag,
              envelope.getRoutingKey(),
              Body.of(body),
              published.toEpochMilli(),
              app(properties));
      parts.intake().arrived(turn, event, getChannel(), tag);
    }

    @Override
    public void handleCancel(String consumer) {
      end("queue " + queue + " was deleted");
    }

    private static Optional<String> app(BasicProperties properties) {
      return Optional.ofNullable(properties.getHeaders())
          .map(headers -> headers.get(APP))
          .map(Object::toString);
    }
  }
}
