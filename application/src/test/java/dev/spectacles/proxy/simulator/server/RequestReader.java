package dev.spectacles.proxy.simulator.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads HTTP/1.1 requests from a connection, one after the other. */
final class RequestReader {
  private static final int MAX_LINE = 64 * 1024;
  private static final int MAX_HEADERS = 200;
  private static final int MAX_BODY = 64 * 1024 * 1024;
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final OutputStream out;
  private final MonotonicClock clock;

  RequestReader(InputStream in, OutputStream out, MonotonicClock clock) {
    this.in = in;
    this.out = out;
    this.clock = clock;
  }

  /** The next request; empty when the client has closed the connection. */
  Optional<WireRequest> read() throws IOException {
    var first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    var requestLine = line(first).split(" ");
    if (requestLine.length != 3 || !requestLine[2].startsWith("HTTP/1.")) {
      throw new MalformedRequestException("request line");
    }
    var headers = headers();
    var received = clock.micros();
    return Optional.of(
        new WireRequest(
            requestLine[0],
            requestLine[1],
            headers,
            body(headers),
            requestLine[2].equals("HTTP/1.0"),
            received));
  }

  private Map<String, String> headers() throws IOException {
    var headers = new LinkedHashMap<String, String>();
    var count = 0;
    for (var line = line(next()); !line.isEmpty(); line = line(next())) {
      var colon = line.indexOf(':');
      if (colon < 1 || ++count > MAX_HEADERS) {
        throw new MalformedRequestException("header line");
      }
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    var chunked =
        headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT).contains("chunked");
    var length = chunked ? 0 : length(headers.getOrDefault("content-length", "0"), 10);
    var expectsContinue = headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue");
    if (expectsContinue && (chunked || length > 0)) {
      out.write(CONTINUE);
      out.flush();
    }
    return chunked ? chunks() : bytes(length);
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = line(next());
      var extension = size.indexOf(';');
      var length = length(extension < 0 ? size : size.substring(0, extension), 16);
      if (length == 0) {
        // Trailers end with an empty line, like headers.
        headers();
        return body.toByteArray();
      }
      body.write(bytes(length));
      if (body.size() > MAX_BODY || !line(next()).isEmpty()) {
        throw new MalformedRequestException("chunk");
      }
    }
  }

  private byte[] bytes(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("connection closed within a body");
    }
    return bytes;
  }

  private static int length(String text, int radix) throws MalformedRequestException {
    try {
      var length = Integer.parseInt(text.strip(), radix);
      if (length >= 0 && length <= MAX_BODY) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new MalformedRequestException("length: " + text);
    }
    throw new MalformedRequestException("length: " + text);
  }

  private int next() throws IOException {
    var next = in.read();
    if (next < 0) {
      throw new EOFException("connection closed within a head");
    }
    return next;
  }

  /** The line that starts with this byte, without its end. Bytes are kept as Latin-1. */
  private String line(int first) throws IOException {
    var line = new StringBuilder();
    for (var next = first; next != '\n'; next = next()) {
      if (line.length() >= MAX_LINE) {
        throw new MalformedRequestException("line too long");
      }
      line.append((char) next);
    }
    var end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}
