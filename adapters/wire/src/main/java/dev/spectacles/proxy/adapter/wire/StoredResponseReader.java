package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One kept answer being read. Used once. */
final class StoredResponseReader {
  private static final int NANOS_OF_A_SECOND = 1_000_000_000;

  private final MessagePackSource source;

  StoredResponseReader(MessagePackSource source) {
    this.source = source;
  }

  /** The answer; nothing if it is of another version. */
  Optional<StoredResponse> read() throws IOException, WireException {
    int fields = open();
    if (fields == 0 || integer() != StoredResponseCodec.VERSION) {
      return Optional.empty();
    }
    demand(fields == StoredResponseCodec.FIELDS, "fields");
    Duration received = duration();
    Duration initialAge = duration();
    Duration lifetime = duration();
    long flags = integer();
    demand(
        flags >= 0 && flags <= (StoredResponseCodec.MUST_REVALIDATE | StoredResponseCodec.NO_CACHE),
        "flags");
    Optional<Duration> staleIfError = optionalDuration();
    Optional<Duration> staleWhileRevalidate = optionalDuration();
    List<Header> vary = headers();
    List<String> generations = texts();
    return Optional.of(
        new StoredResponse(
            answer(),
            Instant.EPOCH.plus(received),
            initialAge,
            lifetime,
            (flags & StoredResponseCodec.MUST_REVALIDATE) != 0,
            (flags & StoredResponseCodec.NO_CACHE) != 0,
            staleIfError,
            staleWhileRevalidate,
            vary,
            generations));
  }

  private ProxyResponse.Http answer() throws IOException, WireException {
    long code = integer();
    demand(code >= 100 && code <= 999, "status");
    var headers = new Headers(headers());
    String url = text();
    demand(source.kind() == Kind.BYTES, "body");
    return new ProxyResponse.Http((int) code, headers, url, Body.of(source.bytes()));
  }

  private List<Header> headers() throws IOException, WireException {
    List<String> texts = texts();
    demand(texts.size() % 2 == 0, "headers");
    var headers = new ArrayList<Header>(texts.size() / 2);
    for (int i = 0; i < texts.size(); i += 2) {
      headers.add(new Header(texts.get(i), texts.get(i + 1)));
    }
    return headers;
  }

  private List<String> texts() throws IOException, WireException {
    int size = open();
    var texts = new ArrayList<String>(size);
    for (int i = 0; i < size; i++) {
      texts.add(text());
    }
    return texts;
  }

  private Optional<Duration> optionalDuration() throws IOException, WireException {
    if (source.kind() == Kind.NIL) {
      source.skip();
      return Optional.empty();
    }
    return Optional.of(duration());
  }

  private Duration duration() throws IOException, WireException {
    demand(open() == 2, "duration");
    long seconds = integer();
    long nanos = integer();
    demand(nanos >= 0 && nanos < NANOS_OF_A_SECOND, "duration");
    return Duration.ofSeconds(seconds, nanos);
  }

  private int open() throws IOException, WireException {
    demand(source.kind() == Kind.ARRAY, "array");
    return source.open();
  }

  private long integer() throws IOException, WireException {
    demand(source.kind() == Kind.INTEGER, "integer");
    return source.integer().orElseThrow(() -> new WireException("integer: too large"));
  }

  private String text() throws IOException, WireException {
    demand(source.kind() == Kind.TEXT, "text");
    return source.text().orElseThrow(() -> new WireException("text: no UTF-8"));
  }

  private static void demand(boolean met, String what) throws WireException {
    if (!met) {
      throw new WireException(what + ": not as it is written");
    }
  }
}
