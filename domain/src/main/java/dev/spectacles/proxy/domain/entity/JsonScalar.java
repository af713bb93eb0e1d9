package dev.spectacles.proxy.domain.entity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/**
 * Text, number, {@code true}, {@code false} or {@code null}; or what is nested too deep to read.
 */
public final class JsonScalar implements Json {
  /** JSON's {@code null}. */
  public static final JsonScalar NULL = ofRaw("null");

  private final byte[] source;
  private final int from;
  private final int to;

  private JsonScalar(byte[] source, int from, int to) {
    this.source = source;
    this.from = from;
    this.to = to;
  }

  /**
   * Value in part of a document.
   *
   * @param source not changed by anybody from now on
   */
  public static JsonScalar ofRaw(byte[] source, int from, int to) {
    return new JsonScalar(source, from, to);
  }

  /** Value as it is written in JSON. */
  public static JsonScalar ofRaw(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return new JsonScalar(bytes, 0, bytes.length);
  }

  /** Snowflake in the form that Discord gives it. */
  public static JsonScalar ofId(long id) {
    return ofRaw("\"" + Long.toUnsignedString(id) + "\"");
  }

  /** Whole number. */
  public static JsonScalar of(long number) {
    return ofRaw(Long.toString(number));
  }

  /** Text without its quotes; empty if it is no text, or one with escapes, which no id has. */
  public Optional<String> text() {
    if (to - from < 2 || source[from] != '"') {
      return Optional.empty();
    }
    String text = new String(source, from + 1, to - from - 2, UTF_8);
    return text.indexOf('\\') < 0 ? Optional.of(text) : Optional.empty();
  }

  /** Whether it is JSON's {@code null}. */
  public boolean isNull() {
    return is("null");
  }

  /** Whether it is written like this. */
  public boolean is(String raw) {
    return size() == raw.length() && raw().equals(raw);
  }

  /** As it is written. */
  public String raw() {
    return new String(source, from, to - from, UTF_8);
  }

  /** How many bytes it has. */
  int size() {
    return to - from;
  }

  /** Copies it there; where it ends. */
  int copyTo(byte[] target, int at) {
    System.arraycopy(source, from, target, at, size());
    return at + size();
  }

  @Override
  public byte[] bytes() {
    return size() == source.length ? source : Arrays.copyOfRange(source, from, to);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonScalar scalar
        && Arrays.equals(source, from, to, scalar.source, scalar.from, scalar.to);
  }

  @Override
  public int hashCode() {
    return raw().hashCode();
  }

  /** Never the value, which may be somebody's. */
  @Override
  public String toString() {
    return "JsonScalar[" + (to - from) + " bytes]";
  }
}
