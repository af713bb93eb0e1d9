package dev.spectacles.proxy.adapter.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** TCP relay on loopback whose connections can be cut. Thread-safe. */
final class CutRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final AmqpUrl.Host target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private CutRelay(ServerSocket listener, AmqpUrl.Host target) {
    this.listener = listener;
    this.target = target;
  }

  static CutRelay to(String url) throws IOException {
    var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var relay = new CutRelay(listener, AmqpUrl.parse(url).hosts().getFirst());
    Thread.ofVirtual().name("relay-accept").start(relay::accept);
    return relay;
  }

  String url() {
    return "amqp://127.0.0.1:" + listener.getLocalPort();
  }

  /** Closes every connection, and each new one until restored. */
  void cut() {
    cut = true;
    List.copyOf(open).forEach(this::close);
  }

  void restore() {
    cut = false;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        if (cut) {
          close(client);
        } else {
          var server = new Socket(target.name(), target.port());
          open.add(server);
          Thread.ofVirtual().start(() -> pass(client, server));
          Thread.ofVirtual().start(() -> pass(server, client));
        }
      } catch (IOException ended) {
        // Either this relay is closed, or there is no server; the client finds out by itself.
      }
    }
  }

  private void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cutOrClosed) {
      // The other side learns of it by being closed, too.
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
