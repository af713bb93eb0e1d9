package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseCodecTest {
  private static final Pairs HTTP =
      new Pairs("status", 200, "headers", Map.of("a", "b"), "url", "u", "body", new byte[] {1});

  @Test
  void encode_http_isTheProtocolsMapByteForByte() {
    var headers =
        Headers.empty().with("Content-Type", "text/plain").with("Set-Cookie", "a").with("X", "é");
    var response =
        new ProxyResponse.Http(
            404, headers.with("set-cookie", "b"), "https://host/api/v10/users/1", Body.of("hi"));

    byte[] expected =
        pack(
            new Pairs(
                "status",
                0,
                "body",
                new Pairs(
                    "status",
                    404,
                    "headers",
                    new Pairs("content-type", "text/plain", "set-cookie", "a, b", "x", "é"),
                    "url",
                    "https://host/api/v10/users/1",
                    "body",
                    "hi".getBytes(UTF_8))));

    assertThat(ResponseCodec.encode(response)).isEqualTo(expected);
  }

  @Test
  void encode_statusIntegers_areAsShortAsTheyCanBe() {
    var bytes =
        ResponseCodec.encode(new ProxyResponse.Failure(ResponseStatus.REQUEST_TIMEOUT, "x"));

    assertThat(bytes)
        .isEqualTo(
            Raw.of(0x82, 0xa6, 's', 't', 'a', 't', 'u', 's', 8, 0xa4, 'b', 'o', 'd', 'y', 0xa1, 'x')
                .bytes());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void encode_failure_isStatusAndText(ResponseStatus status) throws WireException {
    var failure = new ProxyResponse.Failure(status, "path: what was wrong – é");

    byte[] bytes = ResponseCodec.encode(failure);

    assertThat(bytes)
        .isEqualTo(pack(new Pairs("status", status.code(), "body", failure.message())));
    assertThat(ResponseCodec.decode(bytes)).isEqualTo(failure);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 500, 1023, 1024, 2048, 5000, 70_000, 1_000_000})
  void encode_anySizeOfBodyAndHeaders_comesBack(int size) throws WireException {
    var fields = new ArrayList<Header>();
    for (int i = 0; i < 40; i++) {
      fields.add(new Header("x-header-" + i, "v".repeat(size % 3000)));
    }
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31);
    }
    var response =
        new ProxyResponse.Http(500, new Headers(fields), "https://host/x", Body.of(bytes));

    assertThat(ResponseCodec.decode(ResponseCodec.encode(response))).isEqualTo(response);
  }

  @Test
  void decode_otherOrderAndUnknownKeys_isTheSame() throws WireException {
    var swapped =
        new Pairs(
            "more",
            List.of(1),
            "body",
            new Pairs(
                "body",
                List.of(1),
                "new",
                1,
                "url",
                "u",
                "headers",
                Map.of("A", "b"),
                "status",
                200),
            "status",
            0);

    assertThat(ResponseCodec.decode(pack(swapped)))
        .isEqualTo(ResponseCodec.decode(pack(new Pairs("status", 0, "body", HTTP))));
  }

  static Stream<Object> malformed() {
    return Stream.of(
        "text",
        List.of(0, HTTP),
        Map.of(),
        new Pairs("status", 0),
        new Pairs("body", HTTP),
        new Pairs("status", 0, "body", "text"),
        new Pairs("status", 1, "body", HTTP),
        new Pairs("status", 9, "body", "text"),
        new Pairs("status", -1, "body", "text"),
        new Pairs("status", "0", "body", HTTP),
        new Pairs("status", 1, "body", null),
        new Pairs("status", 1, "body", Raw.of(0xa1, 0xff)),
        new Pairs("status", 0, "body", Map.of("status", 200)),
        new Pairs("status", 0, "body", new Pairs("status", 200, "headers", 1)),
        new Pairs("status", 0, "body", new Pairs("headers", Map.of(), "url", "", "body", "")),
        new Pairs("status", 0, "body", new Pairs("status", 200, "headers", Map.of("a", 1))),
        new Pairs("status", 0, "body", new Pairs("body", null)),
        Raw.of(0x82, 0xa6, 's'),
        Raw.of(0xdf, 0x7f, 0xff, 0xff, 0xff),
        Raw.of(0xc1),
        Raw.of());
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void decode_malformed_throwsWireException(Object response) {
    assertThatThrownBy(() -> ResponseCodec.decode(pack(response)))
        .isInstanceOf(WireException.class)
        .hasMessageStartingWith("response: ");
  }

  @Test
  void decode_trailingByte_throwsWireException() {
    byte[] bytes = pack(new Pairs("status", 1, "body", "x"));

    assertThatThrownBy(() -> ResponseCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(WireException.class);
  }
}
