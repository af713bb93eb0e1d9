package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.application.port.out.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection over which requests, or events, come and are acked; answers go another way, so that
 * neither a full intake nor a broker short of memory holds up the one with the other. Thread-safe.
 */
final class Consumption implements Link.Session, Receipts {
  private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

  /**
   * What it needs.
   *
   * @param role what it is for, in its name at the broker
   * @param prefetch deliveries of a queue handed out without being acked
   * @param unnamed counts what has no name of its own
   */
  record Parts(
      String role,
      Connections connections,
      Topology topology,
      int prefetch,
      Intake intake,
      String instance,
      AtomicLong unnamed,
      Clock clock) {}

  /** What is to be returned is noticed by then. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final Parts parts;
  private final Intake intake;
  private final Pulse pulse;
  private final Connection connection;
  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> consumed = new HashSet<>();
  private Optional<String> ended = Optional.empty();

  private Consumption(Parts parts, Pulse pulse, Connection connection, Channel channel) {
    this.parts = parts;
    this.intake = parts.intake();
    this.pulse = pulse;
    this.connection = connection;
    this.channel = channel;
  }

  /** Connects, and has requests delivered unless the intake is draining. */
  static Consumption open(Parts parts) throws IOException, TimeoutException {
    var pulse = new Pulse(parts.clock());
    Connection connection = parts.connections().open(parts.role(), pulse, parts.intake());
    boolean opened = false;
    try {
      Channel channel = connection.createChannel();
      var consumption = new Consumption(parts, pulse, connection, channel);
      channel.addShutdownListener(signal -> consumption.end(Failures.reason(signal)));
      parts.topology().declare(channel);
      channel.basicQos(parts.prefetch());
      parts.intake().restored();
      consumption.consume();
      opened = true;
      return consumption;
    } finally {
      if (!opened) {
        Connections.close(connection);
      }
    }
  }

  /** What the broker says it is, for the log. */
  String version() {
    return String.valueOf(
        connection.getServerProperties().getOrDefault("version", "of no version"));
  }

  @Override
  public String run() throws InterruptedException {
    try {
      while (awaitChange()) {
        if (intake.isDraining()) {
          cancel();
        } else {
          LOG.warn("One of {} was deleted; declaring it again", parts.topology().queues());
          parts.topology().declare(channel);
          consume();
        }
      }
    } catch (IOException | ShutdownSignalException e) {
      end(Failures.reason(e));
    } finally {
      intake.lost(this);
    }
    return reason();
  }

  /** The intake has begun to drain. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ack(long tag) {
    try {
      channel.basicAck(tag, false);
    } catch (IOException | ShutdownSignalException e) {
      // The request comes again, and is acked then.
      LOG.debug("ack not sent: {}", Failures.reason(e));
    }
  }

  @Override
  public void requeue(long tag) {
    try {
      channel.basicNack(tag, false, true);
    } catch (IOException | ShutdownSignalException e) {
      // The broker does so by itself when a channel is lost.
      LOG.debug("request not returned: {}", Failures.reason(e));
    }
  }

  @Override
  public boolean isFresh() {
    return pulse.isFresh();
  }

  @Override
  public boolean close() {
    boolean confirmed = Connections.close(connection);
    end("closed");
    return confirmed;
  }

  private void consume() throws IOException {
    if (intake.isDraining()) {
      return;
    }
    for (String event : parts.topology().events()) {
      if (isNew(event)) {
        String queue = parts.topology().queue(event);
        channel.basicConsume(queue, false, event, new Deliveries(event));
      }
    }
  }

  /** Nothing from now on; what is on its way is returned when the broker has confirmed it. */
  private void cancel() throws IOException {
    List<String> tags;
    lock.lock();
    try {
      tags = List.copyOf(consumed);
      consumed.clear();
    } finally {
      lock.unlock();
    }
    for (String tag : tags) {
      channel.basicCancel(tag);
    }
  }

  /** Whether there is something to do before the end. */
  private boolean awaitChange() throws InterruptedException {
    while (true) {
      Duration pause = intake.returnPassing().orElse(LONGEST_PAUSE);
      lock.lockInterruptibly();
      try {
        if (ended.isPresent()) {
          return false;
        }
        if (intake.isDraining() ? !consumed.isEmpty() : lacksQueue()) {
          return true;
        }
        long unused = changed.awaitNanos(pause.toNanos());
      } finally {
        lock.unlock();
      }
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

  private boolean lacksQueue() {
    return consumed.size() < parts.topology().events().size();
  }

  /** Whether nobody consumes it; from now on somebody does. */
  private boolean isNew(String event) {
    lock.lock();
    try {
      return consumed.add(event);
    } finally {
      lock.unlock();
    }
  }

  private void cancelledByBroker(String event) {
    lock.lock();
    try {
      consumed.remove(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What the client calls, in the order in which the broker sent it. */
  private final class Deliveries extends DefaultConsumer {
    private final String event;

    Deliveries(String event) {
      super(channel);
      this.event = event;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) {
      Message message =
          Message.of(
              event,
              parts.topology().queue(event),
              parts.instance() + "-" + parts.unnamed().incrementAndGet(),
              properties,
              envelope.isRedeliver(),
              body,
              parts.clock().wallTime());
      intake.arrived(message, new Receipt(Consumption.this, envelope.getDeliveryTag()));
    }

    @Override
    public void handleCancelOk(String tag) {
      intake.returnWaiting();
    }

    @Override
    public void handleCancel(String tag) {
      cancelledByBroker(event);
    }
  }
}
