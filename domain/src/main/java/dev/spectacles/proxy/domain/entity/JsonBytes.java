package dev.spectacles.proxy.domain.entity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** Writes values: sized first, so that each is copied once, however deep it is nested. */
final class JsonBytes {
  private JsonBytes() {}

  static byte[] of(Json value) {
    var out = new byte[size(value)];
    write(value, out, 0);
    return out;
  }

  /** An object with members as it is written, with one more at its end. */
  static JsonScalar append(JsonScalar object, String name, Json value) {
    byte[] quoted = quoted(name);
    int more = Math.addExact(quoted.length + 2, size(value));
    var out = new byte[Math.addExact(object.size(), more)];
    int at = object.copyTo(out, 0) - 1;
    out[at++] = ',';
    System.arraycopy(quoted, 0, out, at, quoted.length);
    at += quoted.length;
    out[at++] = ':';
    out[write(value, out, at)] = '}';
    return JsonScalar.ofRaw(out, 0, out.length);
  }

  private static int size(Json value) {
    return switch (value) {
      case JsonScalar scalar -> scalar.size();
      case JsonObject object -> object.read().map(JsonScalar::size).orElseGet(() -> sum(object));
      case JsonArray array -> {
        int size = 2 + Math.max(0, array.items().size() - 1);
        for (Json item : array.items()) {
          size = Math.addExact(size, size(item));
        }
        yield size;
      }
    };
  }

  private static int sum(JsonObject object) {
    // Braces, a colon for each member, and commas between them.
    int size = 2 + object.members().size() + Math.max(0, object.members().size() - 1);
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      size = Math.addExact(size, quoted(member.getKey()).length);
      size = Math.addExact(size, size(member.getValue()));
    }
    return size;
  }

  /** Writes it there; where it ends. */
  private static int write(Json value, byte[] out, int start) {
    return switch (value) {
      case JsonScalar scalar -> scalar.copyTo(out, start);
      case JsonObject object ->
          object
              .read()
              .map(read -> read.copyTo(out, start))
              .orElseGet(() -> writeMembers(object, out, start));
      case JsonArray array -> {
        int at = start;
        out[at++] = '[';
        for (int i = 0; i < array.items().size(); i++) {
          if (i > 0) {
            out[at++] = ',';
          }
          at = write(array.items().get(i), out, at);
        }
        out[at++] = ']';
        yield at;
      }
    };
  }

  private static int writeMembers(JsonObject object, byte[] out, int start) {
    int at = start;
    out[at++] = '{';
    boolean first = true;
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      if (!first) {
        out[at++] = ',';
      }
      first = false;
      byte[] name = quoted(member.getKey());
      System.arraycopy(name, 0, out, at, name.length);
      at += name.length;
      out[at++] = ':';
      at = write(member.getValue(), out, at);
    }
    out[at++] = '}';
    return at;
  }

  private static byte[] quoted(String name) {
    var quoted = new StringBuilder(name.length() + 2).append('"');
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString().getBytes(UTF_8);
  }
}
