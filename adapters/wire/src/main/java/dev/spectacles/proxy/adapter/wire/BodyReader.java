package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import java.io.IOException;
import java.util.Arrays;

/**
 * A body in any of its forms: bytes, text, an array of byte values, or Node's way to write a {@code
 * Buffer} as JSON.
 */
final class BodyReader {
  private static final String EXPECTED =
      " (expected: bytes, text, an array of 0 to 255, or a Buffer as Node writes it;"
          + " the caller has to serialise an object)";

  private final Source source;

  BodyReader(Source source) {
    this.source = source;
  }

  byte[] read() throws IOException, WireException {
    Kind kind = source.kind();
    return switch (kind) {
      case TEXT, BYTES -> source.bytes();
      case ARRAY -> readArray();
      case MAP -> readBuffer();
      default -> throw new WireException("is " + kind.shown() + EXPECTED);
    };
  }

  private byte[] readArray() throws IOException, WireException {
    int size = source.open();
    // Where a size is declared, it has been compared with what is left.
    var bytes = new byte[Math.max(size, 16)];
    int count = 0;
    for (; source.more(count, size); count++) {
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * count);
      }
      bytes[count] = readOctet(count);
    }
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  private byte readOctet(int index) throws IOException, WireException {
    if (source.kind() == Kind.INTEGER) {
      long value = source.integer().orElse(-1);
      if (value >= 0 && value <= 0xff) {
        return (byte) value;
      }
    }
    throw new WireException("element " + index + " is no byte (expected: an integer, 0 to 255)");
  }

  private byte[] readBuffer() throws IOException, WireException {
    int size = source.open();
    boolean typed = false;
    byte[] data = null;
    for (int i = 0; source.more(i, size); i++) {
      String name = source.name();
      if (name.equals("type") && !typed && isBuffer()) {
        typed = true;
      } else if (name.equals("data") && data == null && source.kind() == Kind.ARRAY) {
        data = readArray();
      } else {
        throw new WireException("is a map" + EXPECTED);
      }
    }
    if (!typed || data == null) {
      throw new WireException("is a map" + EXPECTED);
    }
    return data;
  }

  private boolean isBuffer() throws IOException, WireException {
    return source.kind() == Kind.TEXT && source.text().filter("Buffer"::equals).isPresent();
  }
}
