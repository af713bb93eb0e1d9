package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RStream;
import org.redisson.api.RStreamAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;

/**
 * Bot that publishes requests in order and hears every answer, also one that comes before it would
 * have subscribed to it; counts answers per request.
 */
final class Worker implements AutoCloseable {
  private static final String EVENT = "REQUEST";
  private static final Codec ENTRY =
      new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE, ByteArrayCodec.INSTANCE);

  private final RedissonClient redis;
  private final RStream<String, byte[]> stream;
  private final Map<String, CompletableFuture<ProxyResponse>> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> received = new ConcurrentHashMap<>();

  /** Request that was published. */
  record Published(String id, CompletableFuture<ProxyResponse> answer) {
    ProxyResponse await(long seconds) throws InterruptedException {
      try {
        return answer.get(seconds, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError("no answer to " + id + " within " + seconds + " s", e);
      } catch (ExecutionException e) {
        throw new AssertionError("unreadable answer to " + id, e.getCause());
      }
    }

    ProxyResponse.Failure failure(long seconds) throws InterruptedException {
      if (await(seconds) instanceof ProxyResponse.Failure failure) {
        return failure;
      }
      throw new AssertionError(id + ": " + await(seconds));
    }

    ProxyResponse.Http http(long seconds) throws InterruptedException {
      if (await(seconds) instanceof ProxyResponse.Http http) {
        return http;
      }
      throw new AssertionError(id + ": " + await(seconds));
    }
  }

  Worker(String redisUrl) {
    var config = new Config();
    config.setThreads(2).setNettyThreads(2).setCodec(StringCodec.INSTANCE);
    config
        .useSingleServer()
        .setAddress(redisUrl)
        .setConnectionPoolSize(2)
        .setConnectionMinimumIdleSize(1)
        .setSubscriptionConnectionPoolSize(1)
        .setSubscriptionConnectionMinimumIdleSize(1);
    redis = Redisson.create(config);
    stream = redis.getStream(EVENT, ENTRY);
    redis
        .getPatternTopic(EVENT + ":*", ByteArrayCodec.INSTANCE)
        .addListener(
            byte[].class,
            (pattern, channel, message) ->
                answered(channel.toString().substring(EVENT.length() + 1), message));
  }

  /** A request under construction. */
  static final class Draft {
    private final String method;
    private final String path;
    private final Map<String, String> query = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private Optional<byte[]> body = Optional.empty();
    private Optional<Duration> timeout = Optional.empty();

    Draft(String method, String path) {
      this.method = method;
      this.path = path;
      headers.put("Authorization", "Bot e2e");
    }

    Draft header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Draft withoutAuthorization() {
      headers.remove("Authorization");
      return this;
    }

    Draft query(String name, String value) {
      query.put(name, value);
      return this;
    }

    Draft json(String json) {
      return body("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    Draft body(String type, byte[] bytes) {
      headers.put("Content-Type", type);
      body = Optional.of(bytes);
      return this;
    }

    Draft sequence(long number) {
      headers.put("X-Sim-Seq", Long.toString(number));
      return this;
    }

    Draft nonce(String nonce) {
      headers.put("X-Sim-Nonce", nonce);
      return this;
    }

    /** In the request itself, as clients in Rust send it. */
    Draft timeout(Duration timeout) {
      this.timeout = Optional.of(timeout);
      return this;
    }

    byte[] encode() {
      if (timeout.isEmpty()) {
        return RequestCodec.encode(method, path, query, headers, body);
      }
      var request = new HashMap<String, Object>();
      request.put("method", method);
      request.put("path", path);
      request.put("query", query);
      request.put("headers", headers);
      body.ifPresent(bytes -> request.put("body", bytes));
      request.put("timeout", List.of(timeout.get().toSeconds(), timeout.get().toNanosPart()));
      return Packed.of(request);
    }
  }

  static Draft get(String path) {
    return new Draft("GET", path);
  }

  static Draft post(String path) {
    return new Draft("POST", path);
  }

  Published publish(Draft draft) {
    return publish(draft.encode(), Map.of());
  }

  Published publish(byte[] data) {
    return publish(data, Map.of());
  }

  Published publish(byte[] data, Map<String, byte[]> moreFields) {
    var fields = new HashMap<String, byte[]>(moreFields);
    fields.put("data", data);
    String id = stream.add(StreamAddArgs.entries(fields)).toString();
    return new Published(id, answer(id));
  }

  /** Publishes the same so many times, in one go. */
  List<Published> publish(Draft draft, int times) {
    byte[] data = draft.encode();
    RBatch batch = redis.createBatch();
    RStreamAsync<String, byte[]> batched = batch.getStream(EVENT, ENTRY);
    for (int i = 0; i < times; i++) {
      batched.addAsync(StreamAddArgs.entry("data", data));
    }
    return batch.execute().getResponses().stream()
        .map(Object::toString)
        .map(id -> new Published(id, answer(id)))
        .toList();
  }

  /** Publishes under an id of its own, such as one that is long past. */
  Published publishAs(String id, Draft draft) {
    String[] parts = id.split("-", 2);
    stream.add(
        new StreamMessageId(Long.parseLong(parts[0]), Long.parseLong(parts[1])),
        StreamAddArgs.entry("data", draft.encode()));
    return new Published(id, answer(id));
  }

  /** How often a request was answered. */
  int answersTo(Published request) {
    return received.getOrDefault(request.id(), 0);
  }

  /** Keeps nothing of a request any longer. */
  void forget(Published request) {
    answers.remove(request.id());
    received.remove(request.id());
  }

  /** Entries left in the stream. */
  long streamSize() {
    return stream.size();
  }

  RedissonClient redis() {
    return redis;
  }

  private CompletableFuture<ProxyResponse> answer(String id) {
    return answers.computeIfAbsent(id, any -> new CompletableFuture<>());
  }

  private void answered(String id, byte[] message) {
    received.merge(id, 1, Integer::sum);
    try {
      answer(id).complete(ResponseCodec.decode(message));
    } catch (WireException e) {
      answer(id).completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    redis.shutdown(0, 100, TimeUnit.MILLISECONDS);
  }
}
