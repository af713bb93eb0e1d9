package dev.spectacles.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * TCP relay on loopback: what passes it is delayed, but neither throttled nor put out of order. It
 * can be cut, restored and pointed at another server. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private static final String LOCALHOST = "127.0.0.1";
  private static final int CHUNK = 16 * 1024;
  private static final int MOST_CHUNKS = 4_096;
  private static final int CONNECT_MILLIS = 2_000;
  private static final byte[] END = new byte[0];

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile InetSocketAddress target;
  private volatile long delayNanos;
  private volatile boolean cut;

  private record Chunk(byte[] bytes, long due) {}

  private Relay(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  /** Relay to this port of 127.0.0.1, without delay. */
  public static Relay to(int port) {
    return to(LOCALHOST, port);
  }

  /** Relay to this port of this host, without delay. */
  public static Relay to(String host, int port) {
    try {
      var listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
      var relay = new Relay(listener, new InetSocketAddress(host, port));
      Thread.ofVirtual().name("relay-accept").start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Port on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Address as clients of this scheme want it, such as {@code redis}. */
  public String url(String scheme) {
    return scheme + "://" + LOCALHOST + ":" + port();
  }

  /** Delays each direction by this much from now on; a round trip takes twice as long. */
  public void delay(Duration eachWay) {
    delayNanos = eachWay.toNanos();
  }

  /** Closes every connection, and each new one, until restored. */
  public void cut() {
    cut = true;
    drop();
  }

  /** Lets connections through again. */
  public void restore() {
    cut = false;
  }

  /** Leads to this port of 127.0.0.1 from now on; closes the connections to the former one. */
  public void pointTo(int port) {
    target = new InetSocketAddress(LOCALHOST, port);
    drop();
  }

  @Override
  public void close() {
    close(listener);
    cut();
  }

  private void drop() {
    List.copyOf(open).forEach(this::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().name("relay-connect").start(() -> connect(client));
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void connect(Socket client) {
    var server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(target, CONNECT_MILLIS);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException unreachable) {
      // To the client, a server that is down behind the relay is a connection that is closed.
      close(client);
      close(server);
      return;
    }
    pass(client, server);
    pass(server, client);
    if (cut) {
      close(client);
      close(server);
    }
  }

  private void pass(Socket from, Socket to) {
    BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(MOST_CHUNKS);
    Thread.ofVirtual().name("relay-read").start(() -> read(from, to, onTheWay));
    Thread.ofVirtual().name("relay-write").start(() -> write(from, to, onTheWay));
  }

  private void read(Socket from, Socket to, BlockingQueue<Chunk> onTheWay) {
    var buffer = new byte[CHUNK];
    try {
      int length = from.getInputStream().read(buffer);
      while (length >= 0 && put(Arrays.copyOf(buffer, length), to, onTheWay)) {
        length = from.getInputStream().read(buffer);
      }
    } catch (IOException closed) {
      // Either side may end the connection at any time; what had been read still arrives.
    }
    put(END, to, onTheWay);
  }

  /** Whether there is still somebody to write it to. */
  private boolean put(byte[] bytes, Socket to, BlockingQueue<Chunk> onTheWay) {
    var chunk = new Chunk(bytes, System.nanoTime() + delayNanos);
    try {
      while (!to.isClosed()) {
        if (onTheWay.offer(chunk, 100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void write(Socket from, Socket to, BlockingQueue<Chunk> onTheWay) {
    try {
      while (!to.isClosed()) {
        Chunk chunk = onTheWay.poll(100, TimeUnit.MILLISECONDS);
        if (chunk != null) {
          awaitTime(chunk.due());
          if (chunk.bytes().length == 0) {
            break;
          }
          to.getOutputStream().write(chunk.bytes());
        }
      }
    } catch (IOException closed) {
      // As above: the other side learns of it by the two being closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private static void awaitTime(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
