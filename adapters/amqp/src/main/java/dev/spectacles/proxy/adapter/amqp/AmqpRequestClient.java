package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Worker over AMQP: publishes to the exchange and reads a reply queue of its own. */
final class AmqpRequestClient implements RequestClient {
  /** The proxy's own word that the time is up comes just after that time. */
  private static final Duration LATE_ANSWER = Duration.ofSeconds(1);

  private final Connections connections;
  private final Connection connection;
  private final Channel channel;
  private final Topology topology;
  private final String event;
  private final String server;
  private final String replyQueue;
  private final Map<String, CompletableFuture<byte[]>> awaited = new ConcurrentHashMap<>();

  private AmqpRequestClient(
      Connections connections, Connection connection, BrokerContext context, String server)
      throws IOException {
    this.connections = connections;
    this.connection = connection;
    this.topology = Topology.of(context);
    this.event = context.event();
    this.server = server;
    this.channel = connection.createChannel();
    topology.declare(channel);
    // A name made by the broker; exclusive, and gone with the connection.
    this.replyQueue = channel.queueDeclare().getQueue();
    CancelCallback deleted = tag -> lost("the reply queue was deleted");
    channel.basicConsume(replyQueue, true, (tag, delivery) -> arrived(delivery), deleted);
    channel.addShutdownListener(signal -> lost(Failures.reason(signal)));
  }

  /** Connects; {@link BrokerException} says why it could not. */
  static AmqpRequestClient connect(AmqpSettings settings, BrokerContext context) {
    String server = settings.url().servers();
    var connections = new Connections(settings, context.instance());
    boolean connected = false;
    try {
      Connection connection = connections.open("client", new Pulse(context.clock()), Gate.OPEN);
      try {
        var client = new AmqpRequestClient(connections, connection, context, server);
        connected = true;
        return client;
      } finally {
        if (!connected) {
          Connections.close(connection);
        }
      }
    } catch (TopologyException e) {
      throw new BrokerException(String.valueOf(e.getMessage()));
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new BrokerException(
          "RabbitMQ at "
              + server
              + " is not reachable: "
              + Failures.reason(e)
              + "; is it running, and is amqp.url right?");
    } finally {
      if (!connected) {
        connections.close();
      }
    }
  }

  @Override
  public Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException {
    byte[] request =
        RequestCodec.encode(call.method(), call.path(), call.query(), call.headers(), call.body());
    String id = UUID.randomUUID().toString();
    var properties =
        new BasicProperties.Builder()
            .replyTo(replyQueue)
            .correlationId(id)
            .expiration(Long.toString(timeout.toMillis()))
            .deliveryMode(Outgoing.PERSISTENT)
            .build();
    var answer = new CompletableFuture<byte[]>();
    awaited.put(id, answer);
    try {
      channel.basicPublish(topology.exchange(), event, properties, request);
      byte[] bytes = answer.get(timeout.plus(LATE_ANSWER).toNanos(), TimeUnit.NANOSECONDS);
      return Optional.of(ResponseCodec.decode(bytes));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw failed(Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("unknown"));
    } catch (IOException | ShutdownSignalException e) {
      throw failed(Failures.reason(e));
    } catch (WireException e) {
      throw new BrokerException("Answer to " + id + " is unreadable: " + e.getMessage());
    } finally {
      awaited.remove(id);
    }
  }

  @Override
  public void close() {
    Connections.close(connection);
    connections.close();
  }

  private void arrived(Delivery delivery) {
    String id = delivery.getProperties().getCorrelationId();
    CompletableFuture<byte[]> answer = id == null ? null : awaited.get(id);
    if (answer != null) {
      answer.complete(delivery.getBody());
    }
  }

  private void lost(String reason) {
    awaited.values().forEach(answer -> answer.completeExceptionally(new BrokerException(reason)));
  }

  private BrokerException failed(String reason) {
    return new BrokerException("RabbitMQ at " + server + " failed: " + reason);
  }
}
