package dev.spectacles.proxy.domain.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Bytes of a request or response.
 *
 * <p>Not copied, as bodies can be large: whoever hands an array over does not change it again.
 */
public final class Body {
  private static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** No bytes at all. */
  public static Body empty() {
    return EMPTY;
  }

  /** These bytes. */
  public static Body of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Body(bytes);
  }

  /** Text in UTF-8. */
  public static Body of(String text) {
    return of(text.getBytes(UTF_8));
  }

  /** The bytes themselves; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The bytes read as UTF-8. */
  public String utf8() {
    return new String(bytes, UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Size only: bodies never reach a log. */
  @Override
  public String toString() {
    return "Body[" + bytes.length + " bytes]";
  }
}
