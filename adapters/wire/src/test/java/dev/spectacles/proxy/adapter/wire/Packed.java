package dev.spectacles.proxy.adapter.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;

/** MessagePack of plain Java values, well-formed or not, and what the decoder says to it. */
final class Packed {
  private Packed() {}

  /** Bytes that stand for a value as they are. */
  record Raw(byte[] bytes) {
    static Raw of(int... octets) {
      var bytes = new byte[octets.length];
      for (int i = 0; i < octets.length; i++) {
        bytes[i] = (byte) octets[i];
      }
      return new Raw(bytes);
    }
  }

  /** A map whose names are any values, in order, and may repeat: name, value, name, value. */
  record Pairs(@Nullable Object... values) {}

  static byte[] pack(@Nullable Object value) {
    var out = new ByteArrayOutputStream();
    append(out, value);
    return out.toByteArray();
  }

  /** A valid GET with these fields added or put in place of its own. */
  static byte[] request(@Nullable Object... fields) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("method", "GET");
    values.put("path", "/users/1234");
    for (int i = 0; i < fields.length; i += 2) {
      values.put((String) fields[i], fields[i + 1]);
    }
    return pack(values);
  }

  static ProxyRequest decode(@Nullable Object... fields) {
    return decode(request(fields));
  }

  static ProxyRequest decode(byte[] payload) {
    try {
      return RequestCodec.decode(payload);
    } catch (InvalidRequestException e) {
      throw new AssertionError("refused: " + e.getMessage(), e);
    }
  }

  static String refusal(byte[] payload, ResponseStatus status) {
    var message = new AtomicReference<>("");
    assertThatThrownBy(() -> RequestCodec.decode(payload))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
              message.set(e.getMessage());
            });
    return message.get();
  }

  private static void append(ByteArrayOutputStream out, @Nullable Object value) {
    switch (value) {
      case Raw raw -> out.writeBytes(raw.bytes());
      case Map<?, ?> map -> {
        out.writeBytes(header(packer -> packer.packMapHeader(map.size())));
        map.forEach(
            (name, entry) -> {
              append(out, name);
              append(out, entry);
            });
      }
      case Pairs pairs -> {
        out.writeBytes(header(packer -> packer.packMapHeader(pairs.values().length / 2)));
        for (Object entry : pairs.values()) {
          append(out, entry);
        }
      }
      case List<?> list -> {
        out.writeBytes(header(packer -> packer.packArrayHeader(list.size())));
        list.forEach(element -> append(out, element));
      }
      case byte[] bytes ->
          out.writeBytes(header(p -> p.packBinaryHeader(bytes.length).writePayload(bytes)));
      case null -> out.writeBytes(header(MessageBufferPacker::packNil));
      default -> out.writeBytes(header(packer -> packScalar(packer, value)));
    }
  }

  private static void packScalar(MessageBufferPacker packer, Object value) throws IOException {
    switch (value) {
      case String text -> packer.packString(text);
      case Boolean flag -> packer.packBoolean(flag);
      case Double number -> packer.packDouble(number);
      case Float number -> packer.packFloat(number);
      case BigInteger number -> packer.packBigInteger(number);
      case Number number -> packer.packLong(number.longValue());
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  private static byte[] header(Packing packing) {
    try (MessageBufferPacker packer = MessagePackFormat.packer()) {
      packing.pack(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Packing {
    void pack(MessageBufferPacker packer) throws IOException;
  }
}
