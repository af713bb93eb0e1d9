package dev.spectacles.proxy.adapter.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.wire.IpcCodec;
import dev.spectacles.proxy.adapter.wire.IpcKey;
import dev.spectacles.proxy.adapter.wire.IpcMessage;
import dev.spectacles.proxy.adapter.wire.WireException;
import dev.spectacles.proxy.application.port.out.BrokerContract.Caller;
import dev.spectacles.proxy.application.port.out.BrokerContract.Publication;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Another process, as far as the broker can tell; it does not read before somebody listens. */
final class Client implements AutoCloseable {
  /** Stands for the end of what it reads. */
  static final String END = "";

  private final InputStream in;
  private final OutputStream out;
  private final Closeable closing;
  private final Closeable endingInput;
  private final AtomicInteger keys = new AtomicInteger();
  private final AtomicBoolean reading = new AtomicBoolean();
  private final Map<String, BlockingQueue<IpcMessage>> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  Client(InputStream in, OutputStream out, Closeable closing, Closeable endingInput) {
    this.in = in;
    this.out = out;
    this.closing = closing;
    this.endingInput = endingInput;
  }

  /** Sends these bytes as they are. */
  Client send(String text) {
    try {
      out.write(text.getBytes(UTF_8));
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Next line that comes. */
  String line() throws InterruptedException {
    listen();
    String line = lines.poll(20, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("no line came");
    }
    return line;
  }

  Caller publish(Publication publication) {
    IpcKey key = IpcKey.ofText("k" + keys.incrementAndGet());
    try {
      IpcCodec.writeCall(
          out,
          IpcBench.EVENT,
          key,
          "POST",
          publication.path(),
          Map.of(),
          Map.of(),
          Optional.of(publication.body()),
          Optional.empty());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return caller(key);
  }

  Caller publishUnreadable() {
    IpcKey key = IpcKey.ofText("k" + keys.incrementAndGet());
    send("{\"event\":\"REQUEST\",\"key\":" + key.literal() + ",\"data\":[1]}\n");
    return caller(key);
  }

  /** Says that nothing more will come, but reads on. */
  void endInput() {
    close(endingInput);
  }

  @Override
  public void close() {
    close(closing);
  }

  private void listen() {
    if (!reading.getAndSet(true)) {
      Thread.ofVirtual().start(this::read);
    }
  }

  private void read() {
    try (var reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        // Most tests want lines, the contract wants answers.
        byte[] bytes = line.getBytes(UTF_8);
        Optional<IpcMessage> message = IpcCodec.decode(bytes, bytes.length);
        message
            .flatMap(IpcMessage::key)
            .map(key -> answers.get(key.literal()))
            .ifPresent(queue -> queue.add(message.get()));
        lines.add(line);
        line = reader.readLine();
      }
    } catch (IOException | WireException closed) {
      lines.add(END);
      return;
    }
    lines.add(END);
  }

  private Caller caller(IpcKey key) {
    var queue = new LinkedBlockingQueue<IpcMessage>();
    answers.put(key.literal(), queue);
    return new Caller() {
      @Override
      public void listen() {
        Client.this.listen();
      }

      @Override
      public void leave() {
        Client.this.close();
      }

      @Override
      public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
        IpcMessage message = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        try {
          return message == null ? Optional.empty() : Optional.of(message.response());
        } catch (WireException e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  private static void close(Closeable part) {
    try {
      part.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
