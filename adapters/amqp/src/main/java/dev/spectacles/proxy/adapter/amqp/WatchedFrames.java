package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;

/**
 * Reads a connection as the client does by itself, but only while there is room for what is read:
 * the protocol bounds the number of requests on their way, not their size. What is not read waits
 * in the broker.
 */
final class WatchedFrames extends SocketFrameHandlerFactory {
  /** Short enough that waiting for room is not taken for standing still. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final int LARGEST_MESSAGE = 256 << 20;

  private final Pulse pulse;
  private final Gate gate;

  WatchedFrames(ConnectionFactory factory, Pulse pulse, Gate gate) {
    super(
        factory.getConnectionTimeout(),
        factory.getSocketFactory(),
        factory.getSocketConfigurator(),
        factory.isSSL(),
        null,
        null,
        LARGEST_MESSAGE);
    this.pulse = pulse;
    this.gate = gate;
  }

  @Override
  public FrameHandler create(Socket socket) throws IOException {
    return new Handler(socket, pulse, gate);
  }

  private static final class Handler extends SocketFrameHandler {
    private final Pulse pulse;
    private final Gate gate;
    private volatile boolean closed;

    Handler(Socket socket, Pulse pulse, Gate gate) throws IOException {
      super(socket, null, LARGEST_MESSAGE);
      this.pulse = pulse;
      this.gate = gate;
    }

    @Override
    public Frame readFrame() throws IOException {
      awaitRoom();
      Frame frame = super.readFrame();
      if (frame != null) {
        beat();
      }
      return frame;
    }

    @Override
    public void close() {
      closed = true;
      super.close();
    }

    private void awaitRoom() throws IOException {
      try {
        while (!closed && !gate.awaitRoom(LOOK)) {
          beat();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }

    private void beat() throws IOException {
      if (!pulse.beat()) {
        throw new IOException(
            "no sign for too long: the broker may have given its requests to others");
      }
    }
  }
}
