package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Envelope of one line being read: where its fields are, and no look at what the data hold. Used
 * once.
 *
 * <p>What was found before something that cannot be read stays known. Damage within the data is not
 * noticed here, so that it can be answered wherever the key is.
 */
final class IpcEnvelope {
  private static final String DAMAGED = "line: damaged JSON";

  /** Names a message of Node's own, which is nobody else's business. */
  private static final String COMMAND = "cmd";

  private static final String NODES_OWN = "NODE_";

  /** Where a value stands in the line. */
  record Range(int from, int to) {
    int length() {
      return to - from;
    }
  }

  private final byte[] line;
  private final int length;
  private int at;
  private @Nullable String event;
  private @Nullable IpcKey key;
  private boolean keyed;
  private boolean nodesOwn;
  private @Nullable Range data;

  IpcEnvelope(byte[] line, int length) {
    this.line = line;
    this.length = length;
  }

  /** Reads it; returns what keeps it from being a message, if anything does. */
  Optional<String> read() {
    try {
      if (next() != '{') {
        return Optional.of("line: no object");
      }
      at++;
      readFields();
      return next() == 0 && at == length
          ? Optional.empty()
          : Optional.of("line: something follows the object");
    } catch (WireException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  @Nullable String event() {
    return event;
  }

  @Nullable IpcKey key() {
    return key;
  }

  /** Whether it is one that Node sends to its like. */
  boolean isNodesOwn() {
    return nodesOwn && event == null;
  }

  /** Where the data are, if there are any. */
  Optional<Range> data() {
    return Optional.ofNullable(data);
  }

  private void readFields() throws WireException {
    if (next() == '}') {
      at++;
      return;
    }
    boolean more = true;
    while (more) {
      demand(next() == '"');
      String name = text(skipString());
      demand(next() == ':');
      at++;
      next();
      readField(name, skipValue());
      byte separator = next();
      demand(separator == ',' || separator == '}');
      at++;
      more = separator == ',';
    }
  }

  private void readField(String name, Range value) throws WireException {
    switch (name) {
      case "event" -> {
        once(event == null, name);
        event = readEvent(value);
      }
      case "key" -> {
        once(!keyed, name);
        keyed = true;
        key = readKey(value);
      }
      case "data" -> {
        once(data == null, name);
        data = value;
      }
      case COMMAND -> nodesOwn = isText(value) && text(value).startsWith(NODES_OWN);
      default -> {}
    }
  }

  private String readEvent(Range value) throws WireException {
    String name = isText(value) ? text(value) : "";
    if (name.isEmpty()) {
      throw new WireException("event: no text (expected: the name of an event)");
    }
    return name;
  }

  private @Nullable IpcKey readKey(Range value) throws WireException {
    if (isText(value)) {
      return IpcKey.ofText(text(value));
    }
    var literal = new String(line, value.from(), value.length(), ISO_8859_1);
    if (literal.equals("null")) {
      return null;
    }
    if (!literal.matches("-?(0|[1-9][0-9]{0,29})")) {
      throw new WireException("key: neither text nor a whole number");
    }
    return new IpcKey(literal);
  }

  private boolean isText(Range value) {
    return line[value.from()] == '"';
  }

  /** Text in quotes. */
  private String text(Range value) throws WireException {
    for (int i = value.from(); i < value.to(); i++) {
      // A sign of UTF-8, an escape or what must be escaped.
      if (line[i] < ' ' || line[i] == '\\') {
        return decoded(value);
      }
    }
    return new String(line, value.from() + 1, value.length() - 2, ISO_8859_1);
  }

  private String decoded(Range value) throws WireException {
    try {
      var source = JsonSource.of(Arrays.copyOfRange(line, value.from(), value.to()));
      return source.text().orElseThrow(() -> new WireException("line: half a surrogate pair"));
    } catch (IOException e) {
      // Without its message, which may quote the payload.
      throw new WireException(DAMAGED);
    }
  }

  private Range skipString() throws WireException {
    int from = at++;
    while (at < length && line[at] != '"') {
      at += line[at] == '\\' ? 2 : 1;
    }
    demand(at < length);
    return new Range(from, ++at);
  }

  private Range skipValue() throws WireException {
    int from = at;
    long depth = 0;
    do {
      demand(at < length);
      switch (line[at]) {
        case '"' -> skipString();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        default -> {
          if (depth == 0) {
            skipScalar();
          } else {
            at++;
          }
        }
      }
    } while (depth > 0);
    demand(depth == 0 && at > from);
    return new Range(from, at);
  }

  private void skipScalar() {
    while (at < length && line[at] > ' ' && line[at] != ',' && line[at] != '}' && line[at] != ']') {
      at++;
    }
  }

  /** The next byte that is no white space, 0 at the end. */
  private byte next() {
    while (at < length
        && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r' || line[at] == '\n')) {
      at++;
    }
    return at < length ? line[at] : 0;
  }

  private static void demand(boolean met) throws WireException {
    if (!met) {
      throw new WireException(DAMAGED);
    }
  }

  private static void once(boolean met, String name) throws WireException {
    if (!met) {
      throw new WireException(name + ": twice (expected: once)");
    }
  }
}
