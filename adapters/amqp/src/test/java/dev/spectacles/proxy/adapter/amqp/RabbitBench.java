package dev.spectacles.proxy.adapter.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Brokers and callers on one exchange of one server, closed together. */
final class RabbitBench {
  static final String EVENT = "REQUEST";
  static final Duration PATIENCE = Duration.ofMillis(1200);

  final NotedMarkers markers = new NotedMarkers();
  final String group = "test-" + UUID.randomUUID().toString().substring(0, 8);
  final Topology topology = new Topology(group, Optional.empty(), List.of(EVENT));
  Optional<SentMarkers> shared = Optional.of(markers);
  Map<String, String> settings = Map.of();
  private final String url;
  private final Connection connection;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private Channel channel;

  RabbitBench(RabbitServer server) throws Exception {
    this(server, server.url());
  }

  /** Brokers find the server at this address, callers at its own. */
  RabbitBench(RabbitServer server, String url) throws Exception {
    this.url = url;
    var factory = new ConnectionFactory();
    factory.setUri(server.url());
    this.connection = factory.newConnection("test " + group);
    this.channel = connection.createChannel();
  }

  /** Brokers of a bench that find the server at another address. */
  record Direct(RabbitBench bench, String url) {
    Broker open(String instance) {
      Broker broker = new AmqpBrokerProvider().open(bench.context(instance, url));
      bench.opened.push(broker);
      broker.start();
      return broker;
    }

    RequestClient client() {
      return new AmqpBrokerProvider().connect(bench.context("client", url));
    }
  }

  BrokerContext context(String instance) {
    return context(instance, url);
  }

  private BrokerContext context(String instance, String url) {
    var values = new HashMap<String, String>(settings);
    values.put("url", url);
    return new BrokerContext(
        group,
        Optional.empty(),
        EVENT,
        instance,
        1_000,
        shared,
        PATIENCE,
        new MapSection(AmqpSettings.keys(), values),
        new RealClock());
  }

  Broker create(String instance) {
    Broker broker = new AmqpBrokerProvider().open(context(instance));
    opened.push(broker);
    return broker;
  }

  Broker open(String instance) {
    Broker broker = create(instance);
    broker.start();
    return broker;
  }

  RequestClient client() {
    RequestClient client = new AmqpBrokerProvider().connect(context("client"));
    opened.push(client);
    return client;
  }

  /** Channel for what is not requests; a new one where the last was closed. */
  Channel channel() throws IOException {
    if (!channel.isOpen()) {
      channel = connection.createChannel();
    }
    return channel;
  }

  QueueCaller publish(BrokerContract.Publication publication) {
    var properties = new BasicProperties.Builder();
    publication.expiry().ifPresent(at -> properties.headers(Map.of("timeout_at", nanos(at))));
    return publish(properties, request(publication.path(), publication.body()));
  }

  QueueCaller publish(String path) {
    return publish(new BasicProperties.Builder(), request(path, new byte[0]));
  }

  /** Publishes as a worker does, but that the reply queue is not there yet. */
  QueueCaller publish(BasicProperties.Builder properties, byte[] payload) {
    var caller = new QueueCaller("reply-" + UUID.randomUUID(), UUID.randomUUID().toString());
    publishOnly(properties.replyTo(caller.queue).correlationId(caller.correlationId), payload);
    return caller;
  }

  void publishOnly(BasicProperties.Builder properties, byte[] payload) {
    try {
      topology.declare(channel());
      channel.basicPublish(group, EVENT, properties.deliveryMode(2).build(), payload);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] request(String path, byte[] body) {
    return RequestCodec.encode(
        "POST", path, Map.of(), Map.of(), Optional.of(body).filter(bytes -> bytes.length > 0));
  }

  /** Messages that wait for a consumer. */
  long ready() throws IOException {
    return channel().messageCount(topology.queue(EVENT));
  }

  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    if (connection.isOpen()) {
      channel().queueDelete(topology.queue(EVENT));
      channel().exchangeDelete(group);
      connection.close();
    }
  }

  private static String nanos(Instant at) {
    return BigInteger.valueOf(at.getEpochSecond())
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(at.getNano()))
        .toString();
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** Worker with a reply queue that is there from when it listens. */
  final class QueueCaller implements BrokerContract.Caller {
    final String queue;
    final String correlationId;
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();

    private QueueCaller(String queue, String correlationId) {
      this.queue = queue;
      this.correlationId = correlationId;
    }

    @Override
    public void listen() {
      try {
        Channel own = connection.createChannel();
        own.queueDeclare(queue, false, true, true, Map.of());
        own.basicConsume(
            queue,
            true,
            (tag, delivery) -> {
              if (correlationId.equals(delivery.getProperties().getCorrelationId())) {
                answers.add(delivery.getBody());
              }
            },
            tag -> {});
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
      byte[] answer = answers.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      try {
        return answer == null ? Optional.empty() : Optional.of(ResponseCodec.decode(answer));
      } catch (WireException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
