package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.refusal;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 255, 256, 65_535, 65_536, 1_000_000})
  void body_bin_isKept(int size) {
    byte[] bytes = allBytes(size);

    assertThat(decode("body", bytes).body().bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 255, 256, 65_535, 65_536})
  void body_str_isItsUtf8(int length) {
    String text = "é".repeat(length);

    assertThat(decode("body", text).body().utf8()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xda, 0xdb, 0xd9, 0xc4, 0xc5, 0xc6})
  void body_anyHeader_isKeptByteForByte(int header) {
    byte[] bytes = allBytes(200);
    byte[] length =
        switch (header) {
          case 0xd9, 0xc4 -> new byte[] {(byte) 200};
          case 0xda, 0xc5 -> new byte[] {0, (byte) 200};
          default -> new byte[] {0, 0, 0, (byte) 200};
        };
    byte[] value = concat(new byte[] {(byte) header}, length, bytes);

    assertThat(decode("body", new Raw(value)).body().bytes()).isEqualTo(bytes);
  }

  @Test
  void body_array_isItsOctets() {
    List<Integer> octets = IntStream.range(0, 256).boxed().toList();

    assertThat(decode("body", octets).body().bytes()).isEqualTo(allBytes(256));
    assertThat(decode("body", List.of()).body().isEmpty()).isTrue();
  }

  @Test
  void body_arrayOfWideIntegers_isItsOctets() {
    var value =
        Raw.of(
            0x95, 0xcc, 0x05, 0xcd, 0x00, 0xff, 0xce, 0, 0, 0, 7, 0xcf, 0, 0, 0, 0, 0, 0, 0, 8,
            0xd1, 0x00, 0x09);

    assertThat(decode("body", value).body().bytes()).containsExactly(5, 255, 7, 8, 9);
  }

  @Test
  void body_nodeBuffer_isItsData() {
    var typeFirst = new Pairs("type", "Buffer", "data", List.of(1, 255));
    var dataFirst = new Pairs("data", List.of(1, 255), "type", "Buffer");

    assertThat(decode("body", typeFirst).body().bytes()).containsExactly(1, 255);
    assertThat(decode("body", dataFirst).body().bytes()).containsExactly(1, 255);
  }

  static Stream<@Nullable Object> badBodies() {
    return Stream.of(
        1,
        true,
        1.5,
        Map.of(),
        Map.of("content", "hi"),
        Map.of("type", "Buffer"),
        Map.of("data", List.of(1)),
        Map.of("type", "Blob", "data", List.of(1)),
        new Pairs("type", "Buffer", "type", "Buffer", "data", List.of(1)),
        new Pairs("type", "Buffer", "data", List.of(1), "data", List.of(1)),
        Map.of("type", "Buffer", "data", List.of(256)),
        List.of(256),
        List.of(-1),
        List.of(1.0),
        List.of("a"),
        List.of(List.of(1)),
        Arrays.asList(1, null),
        List.of(Long.MAX_VALUE),
        Raw.of(0x91, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
        Raw.of(0xd4, 0x01, 0x02));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void body_noBytes_isStatus2(Object body) {
    assertThat(refusal(request("body", body), ResponseStatus.INVALID_REQUEST_FORMAT))
        .startsWith("body: ");
  }

  @Test
  void body_object_saysThatTheCallerHasToSerialise() {
    assertThat(
            refusal(
                request("body", Map.of("content", "hi")), ResponseStatus.INVALID_REQUEST_FORMAT))
        .contains("serialise");
  }

  private static byte[] allBytes(int size) {
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void body_textOfJson_isNotParsed() {
    byte[] odd = "{\"a\": 1 , }".getBytes(UTF_8);

    assertThat(decode("body", new String(odd, UTF_8)).body().bytes()).isEqualTo(odd);
  }
}
