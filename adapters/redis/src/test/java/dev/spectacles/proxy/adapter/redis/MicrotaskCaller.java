package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subscriber with the flaw of spectacles.js at its worst: every answer comes together with the
 * confirmation of its subscription, when nobody listens yet, so the first offer is always dropped.
 */
final class MicrotaskCaller implements AutoCloseable {
  final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Socket socket;
  private final OutputStream out;
  private final Thread reader;
  private final AtomicInteger dropped = new AtomicInteger();

  MicrotaskCaller(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    reader = Thread.ofPlatform().daemon().start(this::read);
  }

  void subscribe(String channel) throws IOException {
    send("SUBSCRIBE " + channel);
  }

  /** Answers that came too early to be noticed. */
  int dropped() {
    return dropped.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String line) throws IOException {
    // Writes of several threads must not mix.
    synchronized (out) {
      out.write((line + "\r\n").getBytes(ISO_8859_1));
      out.flush();
    }
  }

  private void read() {
    var listening = new HashSet<String>();
    var rest = new StringBuilder();
    byte[] chunk = new byte[65_536];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        rest.append(new String(chunk, 0, n, ISO_8859_1));
        int end = messages(rest, listening);
        rest.delete(0, end);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private int messages(StringBuilder text, Set<String> listening) throws IOException {
    int done = 0;
    var parser = new Parser(text);
    for (String[] message = parser.next(); message != null; message = parser.next()) {
      done = parser.at;
      if (message[0].equals("message") && !answered.contains(message[1])) {
        if (listening.add(message[1])) {
          dropped.incrementAndGet();
        } else {
          answered.add(message[1]);
          send("UNSUBSCRIBE " + message[1]);
        }
      }
    }
    return done;
  }

  /** Reads arrays of three elements, of which the last may be a number. */
  private static final class Parser {
    private final StringBuilder text;
    private int at;

    private Parser(StringBuilder text) {
      this.text = text;
    }

    private String[] next() {
      int start = at;
      String[] found = new String[3];
      if (line() == null) {
        at = start;
        return null;
      }
      for (int i = 0; i < 3; i++) {
        String head = line();
        if (head == null) {
          at = start;
          return null;
        }
        if (head.charAt(0) == '$') {
          int length = Integer.parseInt(head.substring(1));
          if (at + length + 2 > text.length()) {
            at = start;
            return null;
          }
          found[i] = text.substring(at, at + length);
          at += length + 2;
        } else {
          found[i] = head.substring(1);
        }
      }
      return found;
    }

    private String line() {
      int end = text.indexOf("\r\n", at);
      if (end < 0) {
        return null;
      }
      String line = text.substring(at, end);
      at = end + 2;
      return line;
    }
  }
}
