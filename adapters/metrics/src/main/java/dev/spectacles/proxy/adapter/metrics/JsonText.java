package dev.spectacles.proxy.adapter.metrics;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Writes JSON: maps, iterables, texts, numbers that are finite, truth values; what is an empty
 * optional is {@code null}.
 */
final class JsonText {
  private final StringBuilder text = new StringBuilder();

  private JsonText() {}

  /**
   * The value as JSON.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static String of(Object value) {
    var json = new JsonText();
    json.write(value);
    return json.text.toString();
  }

  private void write(Object value) {
    switch (value) {
      case Optional<?> optional when optional.isEmpty() -> text.append("null");
      case Optional<?> optional -> write(optional.get());
      case Map<?, ?> map -> writeMap(map);
      case Iterable<?> list -> writeList(list);
      case String string -> writeText(string);
      case Double number when !Double.isFinite(number) ->
          throw new IllegalArgumentException("number: " + number + " (expected: a finite one)");
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      default ->
          throw new IllegalArgumentException(
              "value of " + value.getClass() + " (expected: one that JSON has)");
    }
  }

  private void writeMap(Map<?, ?> map) {
    text.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        entries.hasNext(); ) {
      Map.Entry<?, ?> entry = entries.next();
      writeText(String.valueOf(entry.getKey()));
      text.append(':');
      write(entry.getValue());
      if (entries.hasNext()) {
        text.append(',');
      }
    }
    text.append('}');
  }

  private void writeList(Iterable<?> list) {
    text.append('[');
    for (Iterator<?> values = list.iterator(); values.hasNext(); ) {
      write(values.next());
      if (values.hasNext()) {
        text.append(',');
      }
    }
    text.append(']');
  }

  private void writeText(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
