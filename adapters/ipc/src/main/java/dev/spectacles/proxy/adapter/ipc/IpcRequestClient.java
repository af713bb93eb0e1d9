package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.adapter.wire.IpcCodec;
import dev.spectacles.proxy.adapter.wire.IpcKey;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Worker over the Unix socket of a proxy. */
final class IpcRequestClient implements RequestClient {
  private static final Logger LOG = LoggerFactory.getLogger(IpcRequestClient.class);

  /** The proxy's own word that the time is up comes just after that time. */
  private static final Duration LATE_ANSWER = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_CALLS = 10_000;

  private final Path path;
  private final String event;
  private final SocketChannel channel;
  private final LineReader lines;
  private final Outbox outbox;
  private final AtomicLong count = new AtomicLong();
  private final Map<IpcKey, CompletableFuture<ProxyResponse>> calls = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private IpcRequestClient(
      Path path, String event, SocketChannel channel, int longestLine, Clock clock) {
    this.path = path;
    this.event = event;
    this.channel = channel;
    this.lines = new LineReader(Channels.newInputStream(channel), longestLine);
    this.outbox = new Outbox(Channels.newOutputStream(channel), clock, PATIENCE, MOST_CALLS);
  }

  /** Connects; {@link BrokerException} says why it could not. */
  static IpcRequestClient connect(Path path, int longestLine, BrokerContext context) {
    try {
      var channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      var client =
          new IpcRequestClient(path, context.event(), channel, longestLine, context.clock());
      Thread.ofVirtual().name("ipc-call-out").start(client::write);
      Thread.ofVirtual().name("ipc-call-in").start(client::read);
      return client;
    } catch (IOException e) {
      throw new BrokerException(
          "Nobody serves at "
              + path
              + ": "
              + e.getMessage()
              + "; does a proxy run with this ipc.path, and is it yours?",
          e);
    }
  }

  @Override
  public Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException {
    IpcKey key = IpcKey.ofText("call-" + count.incrementAndGet());
    var answer = new CompletableFuture<ProxyResponse>();
    calls.put(key, answer);
    try {
      var sent =
          outbox.send(
              out ->
                  IpcCodec.writeCall(
                      out,
                      event,
                      key,
                      call.method(),
                      call.path(),
                      call.query(),
                      call.headers(),
                      call.body(),
                      Optional.of(timeout)));
      if (sent != Outbox.Sent.YES || ended) {
        throw lost();
      }
      return Optional.of(answer.get(timeout.plus(LATE_ANSWER).toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw lost();
    } finally {
      calls.remove(key);
    }
  }

  @Override
  public void close() {
    ended = true;
    outbox.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{} did not close: {}", path, e.getMessage());
    }
  }

  private void write() {
    try {
      outbox.run();
    } catch (IOException e) {
      LOG.debug("{} takes no more: {}", path, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      Optional<Line> line = lines.next();
      while (line.isPresent()) {
        switch (line.get()) {
          case Line.Whole whole -> take(whole);
          case Line.TooLong tooLong ->
              LOG.warn("an answer of {} bytes is longer than permitted", tooLong.length());
        }
        line = lines.next();
      }
    } catch (IOException e) {
      LOG.debug("{} sends no more: {}", path, e.getMessage());
    } finally {
      ended = true;
      calls.values().forEach(call -> call.completeExceptionally(lost()));
    }
  }

  private void take(Line.Whole line) {
    try {
      Optional<IpcMessage> message = IpcCodec.decode(line.bytes(), Math.toIntExact(line.length()));
      if (message.isEmpty() || message.get().key().isEmpty()) {
        return;
      }
      var call = calls.get(message.get().key().get());
      if (call != null) {
        call.complete(message.get().response());
      }
    } catch (WireException e) {
      LOG.warn("the proxy at {} sent what is no answer: {}", path, e.getMessage());
    }
  }

  private BrokerException lost() {
    return new BrokerException("The proxy at " + path + " hung up before it answered");
  }
}
