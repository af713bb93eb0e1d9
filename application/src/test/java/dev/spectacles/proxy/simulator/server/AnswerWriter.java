package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.Header;
import dev.spectacles.proxy.simulator.model.SimAnswer;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes an answer to its connection, with the fault it is to suffer on the way. */
final class AnswerWriter {
  /** Time for the client to read what came before a reset, which would discard it unread. */
  private static final Duration BEFORE_RESET = Duration.ofMillis(50);

  private final HttpConnection connection;
  private final MonotonicClock clock;
  private final boolean headOnly;
  private final boolean keepAlive;

  AnswerWriter(HttpConnection connection, MonotonicClock clock, WireRequest request) {
    this.connection = connection;
    this.clock = clock;
    headOnly = request.method().equals("HEAD");
    keepAlive = request.keepAlive();
  }

  /** Writes the answer; false if the connection cannot be used again. */
  boolean write(SimAnswer answer) throws IOException, InterruptedException {
    if (answer.fault().isEmpty()) {
      return whole(answer.status(), answer.headers(), answer.body(), keepAlive);
    }
    var fault = answer.fault().get();
    return switch (fault.kind()) {
      case STATUS, NO_CONTENT -> whole(answer.status(), answer.headers(), answer.body(), keepAlive);
      case RESET -> reset();
      case RESET_MID_BODY -> resetMidBody(answer);
      case NO_ANSWER -> noAnswer();
      case SLOW_BODY -> slowBody(answer, fault.amount());
      case TRUNCATED_GZIP -> truncatedGzip(answer);
      case DUPLICATE_HEADERS ->
          whole(answer.status(), duplicated(answer.headers()), answer.body(), keepAlive);
      case NON_ASCII_HEADERS ->
          whole(
              answer.status(),
              plus(answer.headers(), new Header("X-Weather", "na\u00efve \u2603 \ud83e\udd80")),
              answer.body(),
              keepAlive);
      case BIG_BODY -> whole(answer.status(), answer.headers(), bigBody(fault), keepAlive);
      case CLOSE -> whole(answer.status(), answer.headers(), answer.body(), false);
    };
  }

  private boolean whole(int status, List<Header> headers, byte[] body, boolean reusable)
      throws IOException {
    head(status, headers, body.length, reusable);
    if (!headOnly) {
      connection.body(body, 0, body.length);
    }
    connection.flush();
    return reusable;
  }

  private void head(int status, List<Header> headers, int length, boolean reusable)
      throws IOException {
    var all = new ArrayList<>(headers);
    if (status != 204) {
      all.add(new Header("Content-Length", Integer.toString(length)));
    }
    all.add(new Header("Connection", reusable ? "keep-alive" : "close"));
    connection.head(status, all);
  }

  private boolean reset() throws IOException {
    connection.reset();
    return false;
  }

  private boolean resetMidBody(SimAnswer answer) throws IOException, InterruptedException {
    head(answer.status(), answer.headers(), answer.body().length, true);
    connection.body(answer.body(), 0, answer.body().length / 2);
    connection.flush();
    clock.wait(BEFORE_RESET);
    return reset();
  }

  private boolean noAnswer() throws IOException {
    connection.awaitClose();
    return false;
  }

  private boolean slowBody(SimAnswer answer, long bytesPerSecond)
      throws IOException, InterruptedException {
    head(answer.status(), answer.headers(), answer.body().length, keepAlive);
    connection.flush();
    var start = clock.micros();
    for (int sent = 0; sent < answer.body().length; sent++) {
      clock.waitUntil(start + (sent + 1) * 1_000_000L / bytesPerSecond);
      connection.body(answer.body(), sent, sent + 1);
      connection.flush();
    }
    return keepAlive;
  }

  private boolean truncatedGzip(SimAnswer answer) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(answer.body());
    }
    var cut = Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2 + 5);
    var headers = plus(answer.headers(), new Header("Content-Encoding", "gzip"));
    return whole(answer.status(), headers, cut, keepAlive);
  }

  private static byte[] bigBody(FaultSpec fault) {
    var start = "{\"padding\": \"".getBytes(StandardCharsets.US_ASCII);
    var end = "\"}".getBytes(StandardCharsets.US_ASCII);
    var size = Math.max(start.length + end.length, Math.toIntExact(fault.amount()));
    var body = Arrays.copyOf(start, size);
    Arrays.fill(body, start.length, size - end.length, (byte) 'x');
    System.arraycopy(end, 0, body, size - end.length, end.length);
    return body;
  }

  private static List<Header> duplicated(List<Header> headers) {
    var all = new ArrayList<>(headers);
    headers.stream().filter(header -> header.name().startsWith("X-RateLimit-")).forEach(all::add);
    all.add(new Header("Set-Cookie", "__dcfduid=1; Path=/; Secure"));
    all.add(new Header("Set-Cookie", "__sdcfduid=2; Path=/; Secure"));
    return all;
  }

  private static List<Header> plus(List<Header> headers, Header header) {
    var all = new ArrayList<>(headers);
    all.add(header);
    return all;
  }
}
