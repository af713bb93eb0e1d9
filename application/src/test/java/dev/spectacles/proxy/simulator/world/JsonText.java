package dev.spectacles.proxy.simulator.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists, texts, booleans, numbers and {@link #NULL}, written and read without any
 * library that what is tested may use, too.
 */
public final class JsonText {
  /** JSON's {@code null}. */
  public static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  /** Number as it is written: {@code 1.0} is not {@code 1}. */
  public record Figure(String digits) {
    @Override
    public String toString() {
      return digits;
    }
  }

  /** Object of these names and values, one after the other. */
  static Map<String, Object> object(Object... members) {
    var object = new LinkedHashMap<String, Object>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], members[i + 1]);
    }
    return object;
  }

  /** Snowflake in the form that Discord gives it. */
  static String id(long id) {
    return Long.toString(id);
  }

  /** Value without any part that is shared with the other. */
  @SuppressWarnings("unchecked")
  static <T> T copy(T value) {
    return (T)
        switch (value) {
          case Map<?, ?> map -> {
            var copy = new LinkedHashMap<String, Object>();
            map.forEach((name, part) -> copy.put((String) name, copy(part)));
            yield copy;
          }
          case List<?> list -> new ArrayList<>(list.stream().map(JsonText::copy).toList());
          default -> value;
        };
  }

  /** Value as JSON. */
  public static String write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        String comma = "{";
        for (Map.Entry<?, ?> member : map.entrySet()) {
          out.append(comma);
          quote((String) member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
          comma = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        String comma = "[";
        for (Object item : list) {
          out.append(comma);
          write(item, out);
          comma = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      case String string -> quote(string, out);
      default -> out.append(value);
    }
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /**
   * Value that the text is; numbers as {@link Figure}.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  public static Object read(String json) {
    var reader = new JsonText(json);
    Object value = reader.value();
    if (reader.next() != 0) {
      throw reader.malformed();
    }
    return value;
  }

  /**
   * Object that the text is.
   *
   * @throws IllegalArgumentException if it is none
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> readObject(String json) {
    if (read(json) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalArgumentException("no object: " + json);
  }

  private Object value() {
    return switch (next()) {
      case '{' -> objectValue();
      case '[' -> arrayValue();
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", NULL);
      default -> figure();
    };
  }

  private Map<String, Object> objectValue() {
    var object = new LinkedHashMap<String, Object>();
    at++;
    while (next() != '}') {
      String name = string();
      expect(':');
      if (object.put(name, value()) != null) {
        throw malformed();
      }
      if (next() != '}') {
        expect(',');
      }
    }
    at++;
    return object;
  }

  private List<Object> arrayValue() {
    var array = new ArrayList<>();
    at++;
    while (next() != ']') {
      array.add(value());
      if (next() != ']') {
        expect(',');
      }
    }
    at++;
    return array;
  }

  private String string() {
    expect('"');
    var string = new StringBuilder();
    while (true) {
      char c = take();
      if (c == '"') {
        return string.toString();
      }
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = take();
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw malformed();
        }
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> c;
    };
  }

  private Object literal(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw malformed();
    }
    at += word.length();
    return value;
  }

  private Figure figure() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
    return new Figure(text.substring(start, at));
  }

  /** The next character that is no white space, 0 at the end. */
  private char next() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char take() {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at++);
  }

  private void expect(char c) {
    if (next() != c) {
      throw malformed();
    }
    at++;
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("no JSON at %d: %s".formatted(at, text));
  }
}
