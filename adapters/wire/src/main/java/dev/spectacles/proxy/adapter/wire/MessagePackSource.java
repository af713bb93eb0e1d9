package dev.spectacles.proxy.adapter.wire;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageUnpacker;

/**
 * MessagePack of any age: text as str or bin, bytes as bin or in the old raw form.
 *
 * <p>A declared length is compared with what is left before anything of that size is allocated.
 */
final class MessagePackSource implements Source {
  private final byte[] payload;
  private final long length;
  private final MessageUnpacker unpacker;

  MessagePackSource(byte[] payload) {
    this.payload = payload;
    length = payload.length;
    unpacker = MessagePackFormat.unpacker(payload);
  }

  @Override
  public String format() {
    return "MessagePack";
  }

  @Override
  public String position() {
    return "byte " + unpacker.getTotalReadBytes();
  }

  @Override
  public Kind kind() throws IOException {
    return switch (unpacker.getNextFormat().getValueType()) {
      case NIL -> Kind.NIL;
      case BOOLEAN -> Kind.BOOLEAN;
      case INTEGER -> Kind.INTEGER;
      case FLOAT -> Kind.FLOAT;
      case STRING -> Kind.TEXT;
      case BINARY -> Kind.BYTES;
      case ARRAY -> Kind.ARRAY;
      case MAP -> Kind.MAP;
      case EXTENSION -> Kind.OTHER;
    };
  }

  @Override
  public int open() throws IOException, WireException {
    boolean map = kind() == Kind.MAP;
    int size = map ? unpacker.unpackMapHeader() : unpacker.unpackArrayHeader();
    // Every value takes a byte at least.
    checkLeft(map ? 2L * size : size);
    return size;
  }

  @Override
  public boolean more(int index, int size) {
    return index < size;
  }

  @Override
  public String name() throws IOException, WireException {
    Kind kind = kind();
    if (kind != Kind.TEXT && kind != Kind.BYTES) {
      throw new WireException("a name is " + kind.shown() + " (expected: text)");
    }
    return text().orElseThrow(() -> new WireException("a name is no UTF-8"));
  }

  @Override
  public Optional<String> text() throws IOException, WireException {
    return Utf8.decode(bytes());
  }

  @Override
  public byte[] bytes() throws IOException, WireException {
    // Takes a str as well.
    int size = unpacker.unpackBinaryHeader();
    checkLeft(size);
    return unpacker.readPayload(size);
  }

  @Override
  public String digits() throws IOException {
    return unpacker.getNextFormat() == MessageFormat.UINT64
        ? unpacker.unpackBigInteger().toString()
        : Long.toString(unpacker.unpackLong());
  }

  @Override
  public OptionalLong integer() throws IOException {
    if (unpacker.getNextFormat() != MessageFormat.UINT64) {
      return OptionalLong.of(unpacker.unpackLong());
    }
    var value = unpacker.unpackBigInteger();
    return value.bitLength() < Long.SIZE
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  @Override
  public String decimal() throws IOException {
    return unpacker.getNextFormat() == MessageFormat.FLOAT32
        ? JavaScriptNumber.of(unpacker.unpackFloat())
        : JavaScriptNumber.of(unpacker.unpackDouble());
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public byte[] raw() throws IOException, WireException {
    int start = (int) unpacker.getTotalReadBytes();
    skip();
    return Arrays.copyOfRange(payload, start, (int) unpacker.getTotalReadBytes());
  }

  @Override
  public boolean flag() throws IOException {
    return unpacker.unpackBoolean();
  }

  @Override
  public void skip() throws IOException, WireException {
    if (!isNested()) {
      unpacker.skipValue();
      return;
    }
    // Values left on each level: neither the thread's stack nor a count that may overflow.
    var left = new long[DEEPEST];
    int level = -1;
    do {
      if (level >= 0 && left[level] == 0) {
        level--;
        continue;
      }
      if (level >= 0) {
        left[level]--;
      }
      if (isNested()) {
        if (++level == DEEPEST) {
          throw new WireException("nested deeper than " + DEEPEST + " levels");
        }
        left[level] = (kind() == Kind.MAP ? 2L : 1L) * open();
      } else {
        unpacker.skipValue();
      }
    } while (level >= 0);
  }

  @Override
  public void end() throws WireException {
    long trailing = length - unpacker.getTotalReadBytes();
    if (trailing > 0) {
      throw new WireException(trailing + " bytes follow its end");
    }
  }

  private boolean isNested() throws IOException {
    Kind kind = kind();
    return kind == Kind.MAP || kind == Kind.ARRAY;
  }

  private void checkLeft(long needed) throws WireException {
    long left = length - unpacker.getTotalReadBytes();
    if (needed > left) {
      throw new WireException(
          "a length of " + needed + " is declared where " + left + " bytes are left");
    }
  }
}
