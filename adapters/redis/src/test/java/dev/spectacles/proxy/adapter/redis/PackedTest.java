package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;

class PackedTest {
  @Test
  void everythingPacked_isReadByAnother() throws IOException {
    var packed = new Packed(16);
    int outer = packed.array();
    int inner = packed.array();
    packed.text("é".repeat(2_000).getBytes(UTF_8));
    packed.number(70_000);
    packed.count(inner, 2);
    packed.text(new byte[0]);
    packed.count(outer, 2);

    try (var reader = MessagePack.newDefaultUnpacker(packed.bytes())) {
      assertThat(reader.unpackArrayHeader()).isEqualTo(2);
      assertThat(reader.unpackArrayHeader()).isEqualTo(2);
      assertThat(reader.unpackString()).isEqualTo("é".repeat(2_000));
      assertThat(reader.unpackInt()).isEqualTo(70_000);
      assertThat(reader.unpackString()).isEmpty();
      assertThat(reader.hasNext()).isFalse();
    }
  }
}
