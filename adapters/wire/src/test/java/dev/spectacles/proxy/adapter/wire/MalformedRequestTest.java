package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static dev.spectacles.proxy.adapter.wire.Packed.refusal;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_HEADERS;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_METHOD;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_PATH;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_QUERY;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_REQUEST_FORMAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedRequestTest {
  @Test
  void names_anyOrder_areFound() {
    var fields = new Pairs("headers", Map.of("a", "b"), "path", "/users/1", "method", "GET");

    assertThat(decode(pack(fields)).headers().first("a")).contains("b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xa0, 0xd9, 0xda, 0xdb, 0xc4, 0xc5, 0xc6})
  void names_anyTextHeader_areAlike(int header) {
    Raw method = text(header, "method");
    Raw foo = text(header, "foo");
    var fields =
        new Pairs(
            method,
            "PUT",
            text(header, "path"),
            "/users/1",
            text(header, "query"),
            new Pairs(foo, foo),
            text(header, "headers"),
            new Pairs(foo, foo));

    var request = decode(pack(fields));

    assertThat(request.method().name()).isEqualTo("PUT");
    assertThat(request.query().get(0).value()).isEqualTo("foo");
    assertThat(request.headers().first("foo")).contains("foo");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xde, 0xdf})
  void map_anyHeader_isAlike(int header) {
    byte[] usual = request();
    byte[] head =
        switch (header) {
          case 0x80 -> new byte[] {(byte) 0x82};
          case 0xde -> new byte[] {(byte) 0xde, 0, 2};
          default -> new byte[] {(byte) 0xdf, 0, 0, 0, 2};
        };

    assertThat(decode(concat(head, Arrays.copyOfRange(usual, 1, usual.length))))
        .isEqualTo(decode(usual));
  }

  static Stream<Object> unknownValues() {
    return Stream.of(
        1,
        -1,
        1.5,
        1.5f,
        true,
        "text",
        new byte[300],
        List.of(1, List.of(Map.of("a", List.of()))),
        new Pairs(1, 2, 1, 3, List.of(), Map.of()),
        Raw.of(0xd4, 1, 2),
        Raw.of(0xc7, 3, 1, 1, 2, 3),
        Raw.of(0xd6, 0xff, 0, 0, 0, 1),
        Raw.of(0xa2, 0xff, 0xfe),
        nested(63));
  }

  @ParameterizedTest
  @MethodSource("unknownValues")
  void unknown_anyValue_isIgnored(Object value) {
    var fields = new Pairs("method", "GET", "later", value, "path", "/users/1234");

    assertThat(decode(pack(fields))).isEqualTo(decode());
  }

  static Stream<byte[]> unreadable() {
    byte[] usual = request();
    return Stream.of(
        new byte[0],
        pack(null),
        pack(1),
        pack("method"),
        pack(List.of("GET", "/users/1")),
        pack(Map.of()),
        new byte[] {(byte) 0xc1},
        // Another value, or a stray byte, behind the map.
        concat(usual, new byte[] {0}),
        concat(usual, usual),
        // Names that are no text, or no UTF-8.
        pack(new Pairs("method", "GET", "path", "/users/1", 1, 2)),
        pack(new Pairs("method", "GET", "path", "/users/1", null, 2)),
        pack(new Pairs("method", "GET", "path", "/users/1", Raw.of(0xa1, 0xff), 2)),
        request("query", new Pairs(Raw.of(0xa1, 0xff), "x")),
        request("query", new Pairs(1, "x")),
        request("headers", new Pairs(Raw.of(0xa2, 0xc3, 0x28), "x")),
        // The same name twice.
        pack(new Pairs("method", "GET", "path", "/users/1", "path", "/users/1")),
        pack(new Pairs("method", "GET", "path", "/users/1", "method", "GET")),
        pack(new Pairs("method", "GET", "path", "/users/1", "body", null, "body", "x")),
        pack(new Pairs("method", "GET", "path", "/users/1", "later", 1, "later", 2)),
        request("query", new Pairs("a", "1", "a", "2")),
        request("headers", new Pairs("A", "1", "a", "2", "A", "3")),
        // Nested too deep, where a parser may go deep.
        request("later", nested(65)),
        request("query", Map.of("a", nested(1_000_000))),
        request("body", List.of(nested(1_000_000))),
        // Lengths that the input does not have.
        request("body", Raw.of(0xc6, 0x7f, 0xff, 0xff, 0xff)),
        request("body", Raw.of(0xc6, 0xff, 0xff, 0xff, 0xff)),
        request("body", Raw.of(0xdb, 0x7f, 0xff, 0xff, 0xff)),
        request("body", Raw.of(0xdd, 0x7f, 0xff, 0xff, 0xff)),
        request("body", Raw.of(0xdd, 0xff, 0xff, 0xff, 0xff)),
        request("body", Raw.of(0xc4, 2, 0)),
        request("query", Raw.of(0xdf, 0x7f, 0xff, 0xff, 0xff)),
        request("query", Raw.of(0xdf, 0x80, 0, 0, 0)),
        request("headers", Raw.of(0xde, 0xff, 0xff)),
        request("later", Raw.of(0xdf, 0x40, 0, 0, 0)),
        request("later", Raw.of(0xdd, 0x7f, 0xff, 0xff, 0xff)),
        request("later", Raw.of(0xc9, 0x7f, 0xff, 0xff, 0xff, 0)),
        request("later", Raw.of(0xc9, 0xff, 0xff, 0xff, 0xff, 0)),
        request("later", Raw.of(0xc6, 0x7f, 0xff, 0xff, 0xff)),
        request("later", Raw.of(0xc1)),
        Raw.of(0xdf, 0xff, 0xff, 0xff, 0xff).bytes(),
        Raw.of(0xdf, 0x7f, 0xff, 0xff, 0xff).bytes());
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void request_unreadable_isStatus2(byte[] payload) {
    assertThat(refusal(payload, INVALID_REQUEST_FORMAT)).isNotEmpty();
  }

  @Test
  void request_anyTruncation_isStatus2() {
    Clients.requests()
        .values()
        .forEach(
            bytes -> {
              for (int length = 0; length < bytes.length; length++) {
                refusal(Arrays.copyOf(bytes, length), INVALID_REQUEST_FORMAT);
              }
            });
  }

  @Test
  void request_severalFaults_lowestStatusDecides() {
    var all =
        new Pairs("headers", 1, "method", "BAD METHOD", "query", 1, "path", "none", "body", "x");
    var noPathFault = new Pairs("headers", 1, "method", "BAD METHOD", "query", 1, "path", "/u/1");
    var noQueryFault = new Pairs("headers", 1, "method", "BAD METHOD", "path", "/u/1");
    var damagedToo = new Pairs("method", "BAD METHOD", "path", "none", "body", 1);
    var incomplete = new Pairs("method", "BAD METHOD", "headers", 1);

    refusal(pack(all), INVALID_PATH);
    refusal(pack(noPathFault), INVALID_QUERY);
    refusal(pack(noQueryFault), INVALID_METHOD);
    refusal(pack(new Pairs("headers", 1, "method", "GET", "path", "/u/1")), INVALID_HEADERS);
    refusal(pack(damagedToo), INVALID_REQUEST_FORMAT);
    refusal(pack(incomplete), INVALID_REQUEST_FORMAT);
    refusal(concat(pack(all), new byte[1]), INVALID_REQUEST_FORMAT);
  }

  private static Raw nested(int levels) {
    var bytes = new byte[levels];
    Arrays.fill(bytes, (byte) 0x91);
    bytes[levels - 1] = (byte) 0x90;
    return new Raw(bytes);
  }

  private static Raw text(int header, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte size = (byte) bytes.length;
    byte[] head =
        switch (header) {
          case 0xa0 -> new byte[] {(byte) (0xa0 | size)};
          case 0xd9, 0xc4 -> new byte[] {(byte) header, size};
          case 0xda, 0xc5 -> new byte[] {(byte) header, 0, size};
          default -> new byte[] {(byte) header, 0, 0, 0, size};
        };
    return new Raw(concat(head, bytes));
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
