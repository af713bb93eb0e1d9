package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_HEADERS;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_METHOD;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_PATH;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_QUERY;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_REQUEST_FORMAT;
import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePackException;

/**
 * One request being read: the protocol's rules, whatever the format. Used once.
 *
 * <p>{@code nil} is the same as absent everywhere, also for a single parameter or header: it is
 * what JavaScript's {@code undefined} becomes in MessagePack. A field of the wrong kind has the
 * status of that field and does not end the reading, so that damage further on still counts as
 * status 2.
 */
final class RequestReader {
  static final String METHOD = "method";
  static final String PATH = "path";
  static final String QUERY = "query";
  static final String BODY = "body";
  static final String HEADERS = "headers";
  static final String TIMEOUT = "timeout";

  private static final Set<Kind> PARAMETERS =
      Set.of(Kind.TEXT, Kind.BYTES, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN);

  /** Integers, as every HTTP client of JavaScript takes them, too; nobody sends the rest. */
  private static final Set<Kind> HEADER_VALUES = Set.of(Kind.TEXT, Kind.BYTES, Kind.INTEGER);

  private final Source source;

  /** Where the reading is, for messages. */
  private String field = "request";

  private @Nullable HttpMethod method;
  private @Nullable ApiPath path;
  private List<QueryParameter> query = List.of();
  private Headers headers = Headers.empty();
  private Body body = Body.empty();
  private Optional<Duration> timeout = Optional.empty();
  private @Nullable InvalidRequestException refusal;

  RequestReader(Source source) {
    this.source = source;
  }

  ProxyRequest read() throws InvalidRequestException {
    try {
      readFields();
      source.end();
    } catch (WireException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    } catch (IOException | MessagePackException e) {
      // Without its message, which may quote the payload.
      throw unreadable("damaged " + source.format());
    }
    if (refusal != null) {
      throw refusal;
    }
    return new ProxyRequest(
        requireNonNull(method), requireNonNull(path), query, headers, body, timeout);
  }

  private void readFields() throws IOException, WireException {
    if (source.kind() != Kind.MAP) {
      throw new WireException("is " + source.kind().shown() + " (expected: a map)");
    }
    boolean hasMethod = false;
    boolean hasPath = false;
    var names = new HashSet<String>();
    int size = source.open();
    for (int i = 0; source.more(i, size); i++) {
      String name = source.name();
      if (!names.add(name)) {
        throw new WireException("two fields of the same name");
      }
      if (source.kind() == Kind.NIL) {
        source.skip();
        continue;
      }
      switch (name) {
        case METHOD -> {
          hasMethod = true;
          readMethod();
        }
        case PATH -> {
          hasPath = true;
          readPath();
        }
        case QUERY -> readQuery();
        case HEADERS -> readHeaders();
        case BODY -> {
          field = BODY;
          body = Body.of(new BodyReader(source).read());
        }
        case TIMEOUT -> {
          field = TIMEOUT;
          timeout = Optional.of(new TimeoutReader(source).read());
        }
        default -> source.skip();
      }
      field = "request";
    }
    if (!hasMethod || !hasPath) {
      refuse(INVALID_REQUEST_FORMAT, "lacks " + (hasMethod ? PATH : METHOD));
    }
  }

  private void readMethod() throws IOException, WireException {
    field = METHOD;
    Optional<String> text = readText(INVALID_METHOD);
    if (text.isPresent()) {
      try {
        method = HttpMethod.parse(text.get());
      } catch (InvalidRequestException e) {
        refuse(e);
      }
    }
  }

  private void readPath() throws IOException, WireException {
    field = PATH;
    Optional<String> text = readText(INVALID_PATH);
    if (text.isPresent()) {
      try {
        path = ApiPath.parse(text.get());
      } catch (InvalidRequestException e) {
        refuse(e);
      }
    }
  }

  private void readQuery() throws IOException, WireException {
    field = QUERY;
    var parameters = new ArrayList<QueryParameter>();
    readFlatMap(
        INVALID_QUERY,
        PARAMETERS,
        (name, value) -> parameters.add(new QueryParameter(name, value)));
    query = parameters;
  }

  private void readHeaders() throws IOException, WireException {
    field = HEADERS;
    // Of names that differ in case only, the last one counts, as in the original's header map: the
    // JavaScript client adds its own content-type behind a caller's Content-Type.
    var fields = new LinkedHashMap<String, String>();
    readFlatMap(INVALID_HEADERS, HEADER_VALUES, (name, value) -> fields.put(lower(name), value));
    try {
      headers = Headers.parse(fields);
    } catch (InvalidRequestException e) {
      refuse(e);
    }
  }

  private Optional<String> readText(ResponseStatus status) throws IOException, WireException {
    Kind kind = source.kind();
    if (kind != Kind.TEXT && kind != Kind.BYTES) {
      refuse(status, "is " + kind.shown() + " (expected: text)");
      source.skip();
      return Optional.empty();
    }
    Optional<String> text = source.text();
    if (text.isEmpty()) {
      refuse(status, "is no UTF-8");
    }
    return text;
  }

  private void readFlatMap(ResponseStatus status, Set<Kind> permitted, Entries entries)
      throws IOException, WireException {
    if (source.kind() != Kind.MAP) {
      refuse(status, "is " + source.kind().shown() + " (expected: a map)");
      source.skip();
      return;
    }
    var names = new HashSet<String>();
    int size = source.open();
    for (int i = 0; source.more(i, size); i++) {
      String name = source.name();
      if (!names.add(name)) {
        throw new WireException("two entries of the same name");
      }
      Kind kind = source.kind();
      if (permitted.contains(kind)) {
        Optional<String> value = readScalar(kind);
        if (value.isPresent()) {
          entries.add(name, value.get());
        } else {
          refuse(status, "value " + (i + 1) + " is no UTF-8");
        }
      } else {
        if (kind != Kind.NIL) {
          refuse(status, "value " + (i + 1) + " is " + kind.shown() + " (expected: text)");
        }
        source.skip();
      }
    }
  }

  private Optional<String> readScalar(Kind kind) throws IOException, WireException {
    return switch (kind) {
      case INTEGER -> Optional.of(source.digits());
      case FLOAT -> Optional.of(source.decimal());
      case BOOLEAN -> Optional.of(Boolean.toString(source.flag()));
      default -> source.text();
    };
  }

  /** Lower case of ASCII; others stay, as some of them would turn into ASCII and pass for valid. */
  private static String lower(String name) {
    return name.chars().allMatch(c -> c < 0x80) ? name.toLowerCase(Locale.ROOT) : name;
  }

  private void refuse(ResponseStatus status, String what) {
    refuse(new InvalidRequestException(status, field + ": " + what));
  }

  private void refuse(InvalidRequestException other) {
    if (refusal == null || other.status().code() < refusal.status().code()) {
      refusal = other;
    }
  }

  private InvalidRequestException unreadable(String what) {
    return new InvalidRequestException(
        INVALID_REQUEST_FORMAT, field + ": " + what + ", at " + source.position());
  }

  private interface Entries {
    void add(String name, String value);
  }
}
