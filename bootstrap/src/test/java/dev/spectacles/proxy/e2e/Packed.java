package dev.spectacles.proxy.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** MessagePack of anything, also of what no proper client would write. */
final class Packed {
  private Packed() {}

  /** Bytes of this text, number, boolean, byte array, list or map. */
  static byte[] of(Object content) {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packValue(value(content));
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Value value(Object content) {
    return switch (content) {
      case String text -> ValueFactory.newString(text);
      case byte[] bytes -> ValueFactory.newBinary(bytes);
      case Boolean flag -> ValueFactory.newBoolean(flag);
      case Double number -> ValueFactory.newFloat(number);
      case Number number -> ValueFactory.newInteger(number.longValue());
      case List<?> list ->
          ValueFactory.newArray(list.stream().map(Packed::value).toArray(Value[]::new));
      case Map<?, ?> map -> {
        var builder = ValueFactory.newMapBuilder();
        map.forEach((key, item) -> builder.put(value(key), value(item)));
        yield builder.build();
      }
      default -> throw new IllegalArgumentException(content.getClass().getName());
    };
  }
}
