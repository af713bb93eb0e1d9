package dev.spectacles.proxy.adapter.discord;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Server that lets a test decide about every byte; one virtual thread per connection. */
final class RawServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  /** What a connection does from accept to close. */
  interface Script {
    void serve(Connection connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Optional<SSLContext> tls;
  private final Script script;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Requests read, over all connections. */
  final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  /** Connections accepted. */
  final AtomicInteger accepted = new AtomicInteger();

  RawServer(Script script) throws IOException {
    this(Optional.empty(), script);
  }

  /** Server that speaks TLS. */
  RawServer(SSLContext tls, Script script) throws IOException {
    this(Optional.of(tls), script);
  }

  private RawServer(Optional<SSLContext> tls, Script script) throws IOException {
    this.tls = tls;
    this.script = script;
    this.listener = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
    threads.submit(this::accept);
  }

  /** Server that answers every request of every connection with the same bytes. */
  static RawServer answering(String answer) throws IOException {
    byte[] bytes = answer.getBytes(ISO_8859_1);
    return new RawServer(
        connection -> {
          while (connection.read()) {
            connection.write(bytes);
          }
        });
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The only request so far. */
  Request request() {
    if (requests.size() != 1) {
      throw new AssertionError("requests: " + requests.size() + " (expected: 1)");
    }
    return requests.element();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Connection connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
    if (!failures.isEmpty()) {
      throw new AssertionError("the server's script failed", failures.element());
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        socket.setSoTimeout(PATIENCE_MILLIS);
        var connection = new Connection(socket);
        connections.add(connection);
        threads.submit(() -> serve(connection));
      }
    } catch (SocketException e) {
      // Closed: the test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Connection connection) {
    try {
      script.serve(connection);
    } catch (IOException | InterruptedException e) {
      // Either side may have gone, which is what many tests are about.
    } catch (Throwable e) {
      failures.add(e);
    } finally {
      connection.close();
    }
  }

  private static Socket secured(SSLContext tls, Socket wire) throws IOException {
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(wire, "127.0.0.1", wire.getPort(), true);
    socket.setUseClientMode(false);
    return socket;
  }

  /** Request as it came. */
  record Request(String head, byte[] body) {
    String line() {
      return head.lines().findFirst().orElseThrow();
    }

    /** Values of this header, which is given in lower case. */
    List<String> header(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }

    /** Names of all headers, in lower case. */
    List<String> headerNames() {
      return head.lines()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
          .toList();
    }
  }

  /** One accepted connection. */
  final class Connection {
    private final Socket wire;
    private final Socket socket;
    private final BufferedInputStream in;
    private Request last = new Request("", new byte[0]);
    private final CountDownLatch closedByClient = new CountDownLatch(1);

    Connection(Socket wire) throws IOException {
      this.wire = wire;
      this.socket = tls.isPresent() ? secured(tls.get(), wire) : wire;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Reads one request; false at the end of the stream. */
    boolean read() throws IOException {
      var lines = new ArrayList<String>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.equals("\0")) {
          return false;
        }
        lines.add(line);
      }
      String head = String.join("\n", lines);
      int length =
          new Request(head, new byte[0])
              .header("content-length").stream().mapToInt(Integer::parseInt).findFirst().orElse(0);
      last = new Request(head, in.readNBytes(length));
      requests.add(last);
      return true;
    }

    /** The request read most recently from this connection. */
    Request last() {
      return last;
    }

    /** Reads a little of a request, so that it has begun to arrive. */
    void readByte() throws IOException {
      if (in.read() < 0) {
        throw new EOFException();
      }
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    void write(String latin1) throws IOException {
      write(latin1.getBytes(ISO_8859_1));
    }

    /** Waits until the client closes the connection, and fails if it does not. */
    void awaitClose() throws IOException {
      try {
        while (in.read() >= 0) {
          // Whatever else it sent.
        }
      } catch (SocketException e) {
        // Reset: closed as well.
      }
      closedByClient.countDown();
    }

    /** Closes it in a way that the client sees as a reset; TLS does not get to say goodbye. */
    void reset() throws IOException {
      wire.setSoLinger(true, 0);
      wire.close();
    }

    /** Writes bytes that are no TLS. */
    void garble() throws IOException {
      wire.getOutputStream().write("this is no TLS record".getBytes(ISO_8859_1));
    }

    /** Ends it without a reset; TLS does not get to say goodbye. */
    void cut() throws IOException {
      wire.close();
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String line() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return "\0";
        }
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(ISO_8859_1);
    }
  }

  /** Waits until the client has closed the n-th connection. */
  boolean seesClose(int index) throws InterruptedException {
    return new ArrayList<>(connections)
        .get(index)
        .closedByClient
        .await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
