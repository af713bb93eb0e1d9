package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract.Caller;
import dev.spectacles.proxy.application.port.out.BrokerContract.Publication;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Brokers and callers on one stream of one server, closed together. */
final class RedisBench {
  static final Duration MIN_IDLE = Duration.ofMillis(600);
  static final Duration PATIENCE = Duration.ofMillis(1200);

  private final String unique = UUID.randomUUID().toString().substring(0, 8);
  final String event = "REQUEST-" + unique;
  final String group = "gateway-" + unique;
  Duration patience = PATIENCE;
  private final RedisServers.Server server;
  private final String url;
  private final Map<String, String> settings;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final RespConnection connection;

  RedisBench(RedisServers.Server server, Map<String, String> settings) throws IOException {
    this(server, server.url(), settings);
  }

  RedisBench(RedisServers.Server server, String url, Map<String, String> settings)
      throws IOException {
    this.server = server;
    this.url = url;
    this.settings = settings;
    this.connection = new RespConnection(server.port());
  }

  BrokerContext context(String instance) {
    var values = new HashMap<String, String>();
    values.put("url", url);
    values.put("min_idle", MIN_IDLE.toString());
    values.put("claim_interval", "PT0.1S");
    values.put("trim_interval", "PT0.1S");
    values.putAll(settings);
    return new BrokerContext(
        group,
        Optional.empty(),
        event,
        instance,
        1_000,
        Optional.empty(),
        patience,
        new MapSection(RedisSettings.keys(), values),
        new RealClock());
  }

  Broker create(String instance) {
    Broker broker = new RedisBrokerProvider().open(context(instance));
    opened.push(broker);
    return broker;
  }

  Broker open(String instance) {
    Broker broker = create(instance);
    broker.start();
    return broker;
  }

  RequestClient client() {
    RequestClient client = new RedisBrokerProvider().connect(context("client"));
    opened.push(client);
    return client;
  }

  SocketCaller publish(Publication publication) {
    byte[] request =
        RequestCodec.encode(
            "POST",
            publication.path(),
            Map.of(),
            Map.of(),
            Optional.of(publication.body()).filter(body -> body.length > 0));
    var fields = new ArrayList<Object>(List.of("data", request));
    publication.expiry().ifPresent(at -> fields.addAll(List.of("timeout_at", nanos(at))));
    return publishRaw(fields.toArray());
  }

  SocketCaller publish(String path) {
    return publish(new Publication(path, new byte[0], Optional.empty()));
  }

  SocketCaller publishRaw(Object... fields) {
    var words = new ArrayList<Object>(List.of("XADD", event, "*"));
    words.addAll(List.of(fields));
    return caller((String) command(words.toArray()));
  }

  SocketCaller caller(String id) {
    var caller = new SocketCaller(server.port(), event + ":" + id, id);
    opened.push(caller);
    return caller;
  }

  Object command(Object... words) {
    try {
      return connection.command(words);
    } catch (IOException e) {
      // The server may have been restarted.
      return server.command(words);
    }
  }

  long pending() {
    return (Long) ((List<?>) command("XPENDING", event, group)).get(0);
  }

  long length() {
    return (Long) command("XLEN", event);
  }

  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    connection.close();
  }

  private static String nanos(Instant at) {
    return BigInteger.valueOf(at.getEpochSecond())
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(at.getNano()))
        .toString();
  }

  /** Worker on a plain socket, as the real ones: it subscribes after it published. */
  static final class SocketCaller implements Caller, AutoCloseable {
    final String id;
    private final int port;
    private final String channel;
    private RespConnection subscription;

    private SocketCaller(int port, String channel, String id) {
      this.port = port;
      this.channel = channel;
      this.id = id;
    }

    @Override
    public void listen() {
      try {
        subscription = new RespConnection(port);
        subscription.command("SUBSCRIBE", channel);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<ProxyResponse> answer(Duration atMost) {
      try {
        List<?> message = (List<?>) subscription.read();
        byte[] payload = ((String) message.get(2)).getBytes(ISO_8859_1);
        subscription.command("UNSUBSCRIBE", channel);
        return Optional.of(ResponseCodec.decode(payload));
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      } catch (IOException | WireException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (subscription != null) {
        subscription.close();
      }
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
