package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.Header;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client's connection. */
final class HttpConnection implements AutoCloseable {
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(204, "No Content"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"));

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final RequestReader reader;

  HttpConnection(Socket socket, MonotonicClock clock) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    reader = new RequestReader(in, out, clock);
  }

  /** The next request; empty when the client has closed the connection. */
  Optional<WireRequest> read() throws IOException {
    return reader.read();
  }

  String clientIp() {
    return socket.getInetAddress().getHostAddress();
  }

  /** Writes status line and headers; nothing is sent before {@link #flush}. */
  void head(int status, List<Header> headers) throws IOException {
    var head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    head.append(REASONS.getOrDefault(status, "Status")).append("\r\n");
    for (var header : headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    // UTF-8 is what a careless server sends for values that are not ASCII.
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  void body(byte[] bytes, int from, int to) throws IOException {
    out.write(bytes, from, to - from);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Waits until the client closes its side, throwing away what it sends. */
  void awaitClose() throws IOException {
    var discarded = new byte[1_024];
    while (in.read(discarded) >= 0) {
      // Pipelined requests get no answer either.
    }
  }

  /** Ends the connection with a TCP reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
