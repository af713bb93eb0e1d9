package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One answer being read. Used once. */
final class ResponseReader {
  static final String STATUS = "status";
  static final String HEADERS = "headers";
  static final String URL = "url";
  static final String BODY = "body";

  private final Source source;

  ResponseReader(Source source) {
    this.source = source;
  }

  ProxyResponse read() throws IOException, WireException {
    var status = OptionalInt.empty();
    ProxyResponse.@Nullable Http http = null;
    String message = null;
    int size = openMap("response");
    for (int i = 0; source.more(i, size); i++) {
      switch (source.name()) {
        case STATUS -> status = OptionalInt.of(readInteger("status"));
        case BODY -> {
          if (source.kind() == Kind.MAP) {
            http = readHttp();
          } else {
            message = readText("body");
          }
        }
        default -> source.skip();
      }
    }
    if (status.isEmpty()) {
      throw new WireException("status missing");
    }
    int code = status.getAsInt();
    var known =
        ResponseStatus.ofCode(code)
            .orElseThrow(() -> new WireException("status " + code + " (expected: 0 to 8)"));
    if (known == ResponseStatus.SUCCESS) {
      return require(http, "body is no map, with status 0");
    }
    return new ProxyResponse.Failure(
        known, require(message, "body is no text, with status " + code));
  }

  private ProxyResponse.Http readHttp() throws IOException, WireException {
    var code = OptionalInt.empty();
    Map<String, String> headers = null;
    String url = null;
    byte[] body = null;
    int size = openMap("body");
    for (int i = 0; source.more(i, size); i++) {
      switch (source.name()) {
        case STATUS -> code = OptionalInt.of(readInteger("body.status"));
        case HEADERS -> headers = readHeaders();
        case URL -> url = readText("body.url");
        case BODY -> body = readBody();
        default -> source.skip();
      }
    }
    return new ProxyResponse.Http(
        code.orElseThrow(() -> new WireException("body.status missing")),
        Headers.of(require(headers, "body.headers missing")),
        require(url, "body.url missing"),
        Body.of(require(body, "body.body missing")));
  }

  private Map<String, String> readHeaders() throws IOException, WireException {
    var headers = new LinkedHashMap<String, String>();
    int size = openMap("body.headers");
    for (int i = 0; source.more(i, size); i++) {
      headers.put(source.name(), readText("body.headers"));
    }
    return headers;
  }

  private byte[] readBody() throws IOException, WireException {
    Kind kind = source.kind();
    if (kind == Kind.NIL || kind == Kind.MAP) {
      throw new WireException("body.body is " + kind.shown() + " (expected: bytes)");
    }
    return new BodyReader(source).read();
  }

  private int openMap(String field) throws IOException, WireException {
    if (source.kind() != Kind.MAP) {
      throw new WireException(field + " is " + source.kind().shown() + " (expected: a map)");
    }
    return source.open();
  }

  private int readInteger(String field) throws IOException, WireException {
    if (source.kind() == Kind.INTEGER) {
      long value = source.integer().orElse(-1);
      if (value >= 0 && value <= Integer.MAX_VALUE) {
        return (int) value;
      }
    }
    throw new WireException(field + " is no whole number");
  }

  private String readText(String field) throws IOException, WireException {
    Kind kind = source.kind();
    if (kind != Kind.TEXT && kind != Kind.BYTES) {
      throw new WireException(field + " is " + kind.shown() + " (expected: text)");
    }
    return source.text().orElseThrow(() -> new WireException(field + " is no UTF-8"));
  }

  private static <T> T require(@Nullable T value, String otherwise) throws WireException {
    if (value == null) {
      throw new WireException(otherwise);
    }
    return value;
  }
}
