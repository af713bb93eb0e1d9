package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.adapter.wire.ResponseCodec;
import dev.spectacles.proxy.adapter.wire.TimeoutAt;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;

/** Worker over Redis: adds to the stream, then listens on the channel named after the entry. */
final class RedisRequestClient implements RequestClient {
  /** The proxy's own word that the time is up comes just after that time. */
  private static final Duration LATE_ANSWER = Duration.ofSeconds(1);

  private final RedissonClient client;
  private final String event;
  private final String server;
  private final Clock clock;

  private RedisRequestClient(RedissonClient client, String event, String server, Clock clock) {
    this.client = client;
    this.event = event;
    this.server = server;
    this.clock = clock;
  }

  /** Connects; {@link BrokerException} says why it could not. */
  static RedisRequestClient connect(RedisSettings settings, BrokerContext context) {
    String server = settings.url().servers();
    try {
      return new RedisRequestClient(
          RedisConnections.worker(settings, "spectacles-proxy-client"),
          context.event(),
          server,
          context.clock());
    } catch (RedisException e) {
      throw new BrokerException(
          "Redis at "
              + server
              + " is not reachable: "
              + Failures.reason(e)
              + "; is it running, and is redis.url right?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Redis at " + server + ": interrupted while connecting");
    }
  }

  @Override
  public Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException {
    byte[] request =
        RequestCodec.encode(call.method(), call.path(), call.query(), call.headers(), call.body());
    long end = clock.nanoTime() + timeout.plus(LATE_ANSWER).toNanos();
    try {
      StreamMessageId id =
          StreamCommands.await(
              client
                  .<String, byte[]>getStream(event, StreamCommands.ENTRY)
                  .addAsync(
                      StreamAddArgs.entries(
                          StreamCommands.DATA, request, TimeoutAt.FIELD, timeoutAt(timeout))));
      return answer(id, end);
    } catch (RedisException e) {
      throw new BrokerException("Redis at " + server + " failed: " + Failures.reason(e));
    }
  }

  @Override
  public void close() {
    RedisConnections.close(client);
  }

  private Optional<ProxyResponse> answer(StreamMessageId id, long end) throws InterruptedException {
    RTopic topic = client.getTopic(StreamCommands.channel(event, id), ByteArrayCodec.INSTANCE);
    var answer = new CompletableFuture<byte[]>();
    int listener =
        StreamCommands.await(
            topic.addListenerAsync(byte[].class, (channel, bytes) -> answer.complete(bytes)));
    try {
      byte[] bytes = answer.get(Math.max(0, end - clock.nanoTime()), TimeUnit.NANOSECONDS);
      return Optional.of(ResponseCodec.decode(bytes));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (WireException e) {
      throw new BrokerException("Answer to " + id + " is unreadable: " + e.getMessage());
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer only ever completes", e);
    } finally {
      // Should it fail, the connection is gone, and the subscription with it.
      var unused = topic.removeListenerAsync(listener);
    }
  }

  private byte[] timeoutAt(Duration timeout) {
    Instant at = clock.wallTime().plus(timeout);
    return BigInteger.valueOf(at.getEpochSecond())
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(at.getNano()))
        .toString()
        .getBytes(US_ASCII);
  }
}
