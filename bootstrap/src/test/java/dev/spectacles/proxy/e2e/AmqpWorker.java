package dev.spectacles.proxy.e2e;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Draft;
import dev.spectacles.proxy.e2e.Worker.Published;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Bot that publishes persistent requests over RabbitMQ and hears every answer on a queue that
 * survives its connection; counts answers per request.
 */
final class AmqpWorker implements AutoCloseable {
  private static final int CONFIRM_MILLIS = 20_000;

  private final String group;
  private final String replies = "e2e-" + UUID.randomUUID();
  private final Connection connection;
  private final Channel channel;
  private final Map<String, CompletableFuture<ProxyResponse>> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> received = new ConcurrentHashMap<>();

  /** Connects; goes on by itself after a restart of the server. */
  AmqpWorker(String url, String group) throws Exception {
    this.group = group;
    var factory = new ConnectionFactory();
    factory.setUri(url);
    factory.setNetworkRecoveryInterval(200);
    connection = factory.newConnection("e2e");
    channel = connection.createChannel();
    channel.confirmSelect();
    channel.queueDeclare(replies, true, false, false, Map.of());
    channel.basicConsume(replies, false, (tag, answer) -> answered(answer), tag -> {});
  }

  /** Returns when the server has the request. */
  Published publish(Draft draft) throws IOException, InterruptedException, TimeoutException {
    String id = UUID.randomUUID().toString();
    var answer = answers.computeIfAbsent(id, any -> new CompletableFuture<>());
    var properties =
        new BasicProperties.Builder().replyTo(replies).correlationId(id).deliveryMode(2).build();
    channel.basicPublish(group, "REQUEST", properties, draft.encode());
    channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
    return new Published(id, answer);
  }

  /** How often a request was answered. */
  int answersTo(Published request) {
    return received.getOrDefault(request.id(), 0);
  }

  private void answered(Delivery answer) throws IOException {
    String id = answer.getProperties().getCorrelationId();
    // After a crash RabbitMQ calls redelivered what this worker never got, too.
    if (!answer.getEnvelope().isRedeliver() || !received.containsKey(id)) {
      received.merge(id, 1, Integer::sum);
    }
    CompletableFuture<ProxyResponse> waiting =
        answers.computeIfAbsent(id, any -> new CompletableFuture<>());
    try {
      waiting.complete(ResponseCodec.decode(answer.getBody()));
    } catch (WireException e) {
      waiting.completeExceptionally(e);
    }
    channel.basicAck(answer.getEnvelope().getDeliveryTag(), false);
  }

  @Override
  public void close() throws IOException {
    connection.close(1_000);
  }
}
