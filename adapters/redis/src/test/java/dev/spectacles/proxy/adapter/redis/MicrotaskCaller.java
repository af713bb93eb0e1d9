package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spectacles.proxy.application.port.out.BrokerContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subscriber with the flaw of spectacles.js: it begins to listen on a channel only when all bytes
 * that came together with the confirmation of the subscription have been dealt with.
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
    var confirmed = new HashSet<String>();
    var rest = new StringBuilder();
    byte[] chunk = new byte[65_536];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        rest.append(new String(chunk, 0, n, ISO_8859_1));
        int end = messages(rest, listening, confirmed);
        // A busy event loop: what comes meanwhile is read in one piece.
        BrokerContract.pass(Duration.ofMillis(3));
        rest.delete(0, end);
        listening.addAll(confirmed);
        confirmed.clear();
      }
    } catch (IOException e) {
      // Closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int messages(StringBuilder text, Set<String> listening, Set<String> confirmed)
      throws IOException {
    int done = 0;
    var parser = new Parser(text);
    for (String[] message = parser.next(); message != null; message = parser.next()) {
      done = parser.at;
      switch (message[0]) {
        case "subscribe" -> confirmed.add(message[1]);
        case "message" -> {
          if (listening.remove(message[1])) {
            answered.add(message[1]);
            send("UNSUBSCRIBE " + message[1]);
          } else if (confirmed.contains(message[1])) {
            dropped.incrementAndGet();
          }
        }
        default -> {}
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
