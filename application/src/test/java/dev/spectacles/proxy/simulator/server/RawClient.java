package dev.spectacles.proxy.simulator.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Speaks HTTP byte by byte, to see on the wire what clients hide. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final String root;

  RawClient(URI api) throws IOException {
    socket = new Socket(api.getHost(), api.getPort());
    socket.setSoTimeout(5_000);
    in = new BufferedInputStream(socket.getInputStream());
    root = api.getPath();
  }

  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** Sends a request; further lines are headers. */
  void send(String method, String path, String body, String... headers) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8).length;
    var chunked = String.join("\n", headers).contains("chunked");
    var length = chunked ? "" : "Content-Length: " + bytes + "\r\n";
    write(
        method
            + " "
            + root
            + "/v10"
            + path
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bot a\r\n"
            + "User-Agent: DiscordBot (x, 1)\r\n"
            + length
            + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
            + "\r\n"
            + body);
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A head up to and with its empty line. */
  String head() throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      var next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** The body after a head, as long as its Content-Length says. */
  byte[] body(String head) throws IOException {
    var start = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    return in.readNBytes(Integer.parseInt(head.substring(start, head.indexOf("\r\n", start))));
  }

  String exchange(String method, String path, String body, String... headers) throws IOException {
    send(method, path, body, headers);
    var head = head();
    var answer = head.startsWith("HTTP/1.1 204") ? new byte[0] : body(head);
    return head + new String(answer, StandardCharsets.UTF_8);
  }

  int read() throws IOException {
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
