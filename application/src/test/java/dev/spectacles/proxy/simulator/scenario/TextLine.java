package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the simulator's text language: a keyword and {@code key=value} pairs.
 *
 * <p>Values that hold blanks or quotes are written in double quotes with backslash escapes. Reading
 * is strict: a missing key, a malformed value and (by {@link #done}) an unknown key are errors.
 */
public final class TextLine {
  private final String keyword;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> unread = new LinkedHashSet<>();

  private TextLine(String keyword) {
    this.keyword = keyword;
  }

  /** An empty line to be filled by {@link #with}. */
  public static TextLine of(String keyword) {
    return new TextLine(keyword);
  }

  /** Reads one line; see the class description for its form. */
  public static TextLine parse(String text) {
    return new TextLineParser(text).parse();
  }

  /** Adds a pair. */
  public TextLine with(String key, Object value) {
    var text = value instanceof Duration duration ? Durations.toText(duration) : value.toString();
    if (values.putIfAbsent(key, text) != null) {
      throw new IllegalArgumentException("%s: key %s is given twice".formatted(keyword, key));
    }
    unread.add(key);
    return this;
  }

  public String keyword() {
    return keyword;
  }

  /** The value of a key that must be there. */
  public String text(String key) {
    return find(key)
        .orElseThrow(
            () -> new IllegalArgumentException("%s: key %s is missing".formatted(keyword, key)));
  }

  public String text(String key, String fallback) {
    return find(key).orElse(fallback);
  }

  /** The value of a key that may be absent. */
  public Optional<String> find(String key) {
    unread.remove(key);
    return Optional.ofNullable(values.get(key));
  }

  public long number(String key) {
    var text = text(key);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed(key, text, "a whole number");
    }
  }

  public long number(String key, long fallback) {
    return values.containsKey(key) ? number(key) : fallback;
  }

  public int integer(String key, int fallback) {
    return Math.toIntExact(number(key, fallback));
  }

  public double decimal(String key, double fallback) {
    var text = text(key, Double.toString(fallback));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw malformed(key, text, "a number");
    }
  }

  public boolean flag(String key, boolean fallback) {
    var text = text(key, Boolean.toString(fallback));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw malformed(key, text, "true or false");
    };
  }

  public Duration duration(String key) {
    return Durations.parse(text(key));
  }

  public Duration duration(String key, Duration fallback) {
    return find(key).map(Durations::parse).orElse(fallback);
  }

  /** The value as a constant of an enum, written in any case with {@code -} for {@code _}. */
  public <T extends Enum<T>> T constant(String key, Class<T> type, T fallback) {
    return find(key).map(text -> constantOf(key, text, type)).orElse(fallback);
  }

  /** How {@link #constant} expects the constant to be written. */
  public static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Fails if the line has a key nobody asked for. */
  public void done() {
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException("%s: unknown keys %s".formatted(keyword, unread));
    }
  }

  /** The line in its text form, which {@link #parse} reads. */
  public String toText() {
    var text = new StringBuilder(keyword);
    values.forEach((key, value) -> text.append(' ').append(key).append('=').append(quoted(value)));
    return text.toString();
  }

  @Override
  public String toString() {
    return toText();
  }

  private <T extends Enum<T>> T constantOf(String key, String text, Class<T> type) {
    for (T constant : type.getEnumConstants()) {
      if (nameOf(constant).equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return constant;
      }
    }
    throw malformed(key, text, Arrays.toString(type.getEnumConstants()));
  }

  private IllegalArgumentException malformed(String key, String text, String expected) {
    return new IllegalArgumentException(
        "%s %s: %s (expected: %s)".formatted(keyword, key, text, expected));
  }

  private static String quoted(String value) {
    var plain = !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '\\');
    if (plain) {
      return value;
    }
    return '"'
        + value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t")
        + '"';
  }
}
