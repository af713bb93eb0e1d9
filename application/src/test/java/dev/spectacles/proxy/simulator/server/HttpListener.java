package dev.spectacles.proxy.simulator.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Minimal HTTP/1.1 server on the loopback address, with a virtual thread per connection. */
final class HttpListener implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ServerSocket socket;
  private final Handler handler;
  private final MonotonicClock clock;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Answers requests. */
  @FunctionalInterface
  interface Handler {
    /** Answers one request; false if the connection cannot be used again. */
    boolean handle(WireRequest request, HttpConnection connection)
        throws IOException, InterruptedException;
  }

  private HttpListener(ServerSocket socket, Handler handler, MonotonicClock clock) {
    this.socket = socket;
    this.handler = handler;
    this.clock = clock;
  }

  /** Starts to listen; port 0 stands for any free one. */
  static HttpListener start(int port, String name, Handler handler, MonotonicClock clock) {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          BACKLOG);
      var listener = new HttpListener(socket, handler, clock);
      Thread.ofVirtual().name("simulator-" + name).start(listener::accept);
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException("port %d of the simulator".formatted(port), e);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(socket);
    open.forEach(HttpListener::closeQuietly);
  }

  private void accept() {
    while (!closed) {
      try {
        var client = socket.accept();
        open.add(client);
        Thread.ofVirtual().name("simulator-connection").start(() -> serve(client));
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException("the simulator can accept no connection", e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (var connection = new HttpConnection(client, clock)) {
      var usable = true;
      while (usable && !closed) {
        var request = connection.read();
        usable = request.isPresent() && handler.handle(request.get(), connection);
      }
    } catch (MalformedRequestException e) {
      throw new UncheckedIOException("the proxy sent what is not HTTP", e);
    } catch (IOException e) {
      // A client may leave at any time; what it left unanswered is in the ledger.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Closing is all that was wanted.
    }
  }
}
