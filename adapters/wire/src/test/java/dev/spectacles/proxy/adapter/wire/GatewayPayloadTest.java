package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayPayloadTest {
  private static final String EVENT =
      "{ \"id\": \"9007199254740993\",\"roles\":[],\"n\":1.0,\"name\":\"%s é\"}";

  private final GatewayPayload payloads = new GatewayPayload(1 << 20);

  static Stream<byte[]> forms() {
    String small = "{\"a\":\"b\"}";
    String large = EVENT.formatted("x".repeat(70_000));
    return Stream.of(
        small.getBytes(UTF_8),
        (" \n" + EVENT).getBytes(UTF_8),
        // fixraw, raw 8 (which is newer), raw 16 and raw 32 of the Go gateway.
        Packed.pack(small),
        Packed.pack(EVENT),
        Packed.pack(EVENT.formatted("x".repeat(300))),
        Packed.pack(large),
        Packed.pack(small.getBytes(UTF_8)),
        Packed.pack(large.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void json_inAnyWrapping_staysAsItIs(byte[] payload) throws Exception {
    String text = new String(payload, UTF_8);

    assertThat(decoded(payload)).isEqualTo(text.substring(text.indexOf('{')));
  }

  @Test
  void map_becomesJson() throws Exception {
    byte[] payload =
        Packed.pack(
            new Pairs(
                "id",
                9007199254740993L,
                "large",
                new BigInteger("18446744073709551615"),
                "negative",
                -5,
                "half",
                0.5,
                "roles",
                List.of(),
                "bin",
                "é👍".getBytes(UTF_8),
                "text",
                "\"\\\n\u0001",
                "yes",
                true,
                "none",
                null,
                7,
                List.of("a", 1)));

    assertThat(decoded(payload))
        .isEqualTo(
            "{\"id\":9007199254740993,\"large\":18446744073709551615,\"negative\":-5,"
                + "\"half\":0.5,\"roles\":[],\"bin\":\"é👍\",\"text\":\"\\\"\\\\\\u000a\\u0001\","
                + "\"yes\":true,\"none\":null,\"7\":[\"a\",1]}");
    assertThat(payloads.decode(payload).id("id")).hasValue(9007199254740993L);
  }

  static Stream<byte[]> damaged() {
    return Stream.of(
        new byte[0],
        Packed.pack("[]"),
        Packed.pack("secret"),
        Packed.pack("{\"secret\":"),
        new byte[] {(byte) 0xc4},
        new byte[] {(byte) 0xdb, 127, 127, 127, 127},
        new byte[] {(byte) 0xdf, 127, 127, 127, 127},
        // Something behind the end, a name that is none, bytes that are no text, no number.
        new byte[] {(byte) 0x80, 1},
        new byte[] {(byte) 0xa2, '{', '}', 1},
        Packed.pack(new Pairs(List.of(), 1)),
        Packed.pack(new Pairs("secret", Raw.of(0xc4, 1, 0xff))),
        Packed.pack(new Pairs("secret", Double.NaN)),
        Packed.pack(new Pairs("secret", Raw.of(0xd4, 1, 1))),
        new byte[] {(byte) 0xc0},
        new byte[] {(byte) 0x91, 1});
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void damaged_isRefusedWithoutItsContent(byte[] payload) {
    assertThatThrownBy(() -> payloads.decode(payload))
        .isInstanceOf(InvalidEventException.class)
        .hasNoCause()
        .message()
        .startsWith("event: ")
        .doesNotContain("secret");
  }

  @Test
  void tooDeep_isRefused() throws Exception {
    assertThat(decoded(nested(63))).hasSize(2 * 63 + 6);
    assertThatThrownBy(() -> decoded(nested(64))).isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> decoded(nested(100_000))).isInstanceOf(InvalidEventException.class);
  }

  @Test
  void tooLarge_asItComesOrAsJson_isRefused() {
    var small = new GatewayPayload(20);

    assertThatThrownBy(() -> small.decode(Packed.pack("{\"a\":\"" + "b".repeat(20) + "\"}")))
        .isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> small.decode(Packed.pack(new Pairs("a", "\u0001\u0001\u0001"))))
        .isInstanceOf(InvalidEventException.class);
  }

  @Test
  void anyBytes_areReadOrRefused() {
    var random = new Random(66);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && i % 3 == 0) {
        bytes[0] = (byte) (0x80 + random.nextInt(16));
      }
      try {
        payloads.decode(bytes);
      } catch (InvalidEventException e) {
        assertThat(e).hasNoCause();
      }
    }
  }

  private static byte[] nested(int levels) {
    byte[] payload = new byte[levels + 4];
    payload[0] = (byte) 0x81;
    payload[1] = (byte) 0xa1;
    payload[2] = 'a';
    Arrays.fill(payload, 3, levels + 2, (byte) 0x91);
    payload[levels + 2] = (byte) 0x90;
    return Arrays.copyOf(payload, levels + 3);
  }

  private String decoded(byte[] payload) throws InvalidEventException {
    return new String(payloads.decode(payload).bytes(), UTF_8);
  }
}
