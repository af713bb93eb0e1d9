package dev.spectacles.proxy.bootstrap.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Lines on which the sections and keys of a TOML document stand.
 *
 * <p>Jackson's tree knows no positions. The document has been parsed before, so its syntax is right
 * and this needs to tell keys from values only.
 */
final class TomlLines {
  private final Map<List<String>, Integer> lines = new HashMap<>();
  private final String toml;
  private int position;
  private int line = 1;

  TomlLines(String toml) {
    this.toml = toml;
    List<String> section = List.of();
    while (skipToContent()) {
      int start = line;
      boolean header = peek() == '[';
      if (header) {
        skipWhile("[ \t");
        section = dottedKey();
        lines.putIfAbsent(section, start);
        skipToEndOfLine();
      } else {
        var path = new ArrayList<>(section);
        path.addAll(dottedKey());
        lines.putIfAbsent(List.copyOf(path), start);
        skipValue();
      }
    }
  }

  /** Line of this key, or of the nearest table around it. */
  OptionalInt of(List<String> path) {
    for (int length = path.size(); length > 0; length--) {
      Integer found = lines.get(path.subList(0, length));
      if (found != null) {
        return OptionalInt.of(found);
      }
    }
    return OptionalInt.empty();
  }

  private boolean skipToContent() {
    skipWhile(" \t\r\n");
    while (!atEnd() && peek() == '#') {
      skipToEndOfLine();
      skipWhile(" \t\r\n");
    }
    return !atEnd();
  }

  private List<String> dottedKey() {
    var parts = new ArrayList<String>();
    do {
      skipWhile(" \t.");
      int start = position;
      if (!atEnd() && (peek() == '"' || peek() == '\'')) {
        skipString();
        parts.add(toml.substring(start + 1, Math.max(start + 1, position - 1)));
      } else {
        while (!atEnd() && "=.] \t\r\n".indexOf(peek()) < 0) {
          next();
        }
        parts.add(toml.substring(start, position));
      }
      skipWhile(" \t");
    } while (!atEnd() && peek() == '.');
    return List.copyOf(parts);
  }

  /** Ends after the line on which the value ends. */
  private void skipValue() {
    int depth = 0;
    while (!atEnd()) {
      char c = peek();
      if (c == '"' || c == '\'') {
        skipString();
        continue;
      }
      if (c == '#') {
        skipToEndOfLine();
        continue;
      }
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      } else if (c == '\n' && depth <= 0) {
        return;
      }
      next();
    }
  }

  private void skipString() {
    char quote = peek();
    boolean escapes = quote == '"';
    String tripled = String.valueOf(quote).repeat(3);
    boolean multiLine = toml.startsWith(tripled, position);
    String end = multiLine ? tripled : String.valueOf(quote);
    skip(end.length());
    while (!atEnd() && !toml.startsWith(end, position)) {
      skip(escapes && peek() == '\\' ? 2 : 1);
    }
    skip(end.length());
    // Up to two quotes may stand right before the closing three.
    while (multiLine && !atEnd() && peek() == quote) {
      next();
    }
  }

  private void skipToEndOfLine() {
    while (!atEnd() && peek() != '\n') {
      next();
    }
  }

  private void skipWhile(String characters) {
    while (!atEnd() && characters.indexOf(peek()) >= 0) {
      next();
    }
  }

  private void skip(int count) {
    for (int i = 0; i < count && !atEnd(); i++) {
      next();
    }
  }

  private char peek() {
    return toml.charAt(position);
  }

  private void next() {
    if (toml.charAt(position) == '\n') {
      line++;
    }
    position++;
  }

  private boolean atEnd() {
    return position >= toml.length();
  }
}
