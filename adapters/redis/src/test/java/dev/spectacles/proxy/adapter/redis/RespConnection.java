package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Plain connection to Redis, independent of the client library under test. */
public final class RespConnection implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Connects to a server on loopback. */
  public RespConnection(int port) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  /**
   * Sends a command and reads one reply: text, {@link Long}, a list of these, or null.
   *
   * @param words texts or byte arrays
   */
  public Object command(Object... words) throws IOException {
    send(words);
    return read();
  }

  /** Sends a command without reading. */
  public void send(Object... words) throws IOException {
    out.write(("*" + words.length + "\r\n").getBytes(ISO_8859_1));
    for (Object word : words) {
      byte[] bytes = word instanceof byte[] raw ? raw : word.toString().getBytes(UTF_8);
      out.write(("$" + bytes.length + "\r\n").getBytes(ISO_8859_1));
      out.write(bytes);
      out.write("\r\n".getBytes(ISO_8859_1));
    }
    out.flush();
  }

  /** Reads one reply; bulk strings as ISO 8859-1, which keeps every byte. */
  public Object read() throws IOException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+':
        return rest;
      case ':':
        return Long.parseLong(rest);
      case '-':
        throw new IOException(rest);
      case '$':
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return new String(bytes, ISO_8859_1);
      case '*':
        int size = Integer.parseInt(rest);
        if (size < 0) {
          return null;
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          list.add(read());
        }
        return list;
      default:
        throw new IOException("reply: " + line.charAt(0) + " (expected: a RESP2 type)");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    int c = in.read();
    while (c != '\r') {
      if (c < 0) {
        throw new IOException("connection closed");
      }
      text.append((char) c);
      c = in.read();
    }
    in.skipNBytes(1);
    return text.toString();
  }
}
