package dev.spectacles.proxy.adapter.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Caller that writes what no HTTP library would. */
final class RawCaller implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  /**
   * Answer as it came.
   *
   * @param headers by lower-case name
   */
  record Answer(int code, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawCaller write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  RawCaller get(String target) throws IOException {
    return write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** The next answer; its body has to have a length. */
  Answer answer() throws IOException {
    return read(true).orElseThrow(() -> new IOException("closed instead of answered"));
  }

  /** The next answer to a HEAD; empty if the connection is closed instead. */
  Optional<Answer> head() throws IOException {
    return read(false);
  }

  /** Whether the other side closes the connection, after whatever it still says. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private Optional<Answer> read(boolean withBody) throws IOException {
    String status = line();
    if (status.isEmpty()) {
      return Optional.empty();
    }
    var headers = new LinkedHashMap<String, String>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      headers.merge(
          field.substring(0, colon).toLowerCase(Locale.ROOT),
          field.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    return Optional.of(
        new Answer(
            Integer.parseInt(status.split(" ")[1]),
            headers,
            new String(in.readNBytes(length), ISO_8859_1)));
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
