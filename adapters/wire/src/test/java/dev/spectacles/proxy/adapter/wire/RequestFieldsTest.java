package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static dev.spectacles.proxy.adapter.wire.Packed.refusal;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFieldsTest {
  private static final byte[] NO_UTF8 = {'/', (byte) 0xff, (byte) 0xfe};

  /** Old raw of such bytes: text by its format, but not by its content. */
  private static final Raw RAW_NO_UTF8 = Raw.of(0xa3, '/', 0xff, 0xfe);

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH", "PUT", "DELETE", "get", "X-ODD!#$%&'*+-.^_`|~9"})
  void method_token_isKept(String method) {
    assertThat(decode("method", method).method().name()).isEqualTo(method);
  }

  @Test
  void method_bin_isText() {
    assertThat(decode("method", "PUT".getBytes(UTF_8)).method().name()).isEqualTo("PUT");
  }

  static Stream<@Nullable Object> badMethods() {
    return Stream.of(
        "", "GE T", "GET\r\n", "GÉT", "CONNECT", 1, 1.5, true, List.of(), Map.of(), RAW_NO_UTF8);
  }

  @ParameterizedTest
  @MethodSource("badMethods")
  void method_noToken_isStatus5(Object method) {
    assertThat(refusal(request("method", method), ResponseStatus.INVALID_METHOD))
        .startsWith("method: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/users/1234",
        "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me",
        "/webhooks/1/a-token/messages/@original",
        "/a%20b"
      })
  void path_valid_isKeptAsItCame(String path) {
    assertThat(decode("path", path).path().value()).isEqualTo(path);
  }

  static Stream<@Nullable Object> badPaths() {
    return Stream.of(
        "",
        "/",
        "users/1",
        "/../users",
        "/users/%2e%2E/x",
        "/users?x=1",
        "/a b",
        "/%zz",
        "/a//b",
        "https://elsewhere/users",
        7,
        List.of(),
        NO_UTF8,
        RAW_NO_UTF8);
  }

  @ParameterizedTest
  @MethodSource("badPaths")
  void path_invalid_isStatus3(Object path) {
    assertThat(refusal(request("path", path), ResponseStatus.INVALID_PATH)).startsWith("path: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"method", "path"})
  void required_missingOrNil_isStatus2(String field) {
    var fields = new HashMap<String, Object>(Map.of("method", "GET", "path", "/users/1"));
    fields.remove(field);

    assertThat(refusal(pack(fields), ResponseStatus.INVALID_REQUEST_FORMAT))
        .contains("lacks " + field);
    assertThat(refusal(request(field, null), ResponseStatus.INVALID_REQUEST_FORMAT))
        .contains("lacks " + field);
  }

  @Test
  void optional_absentOrNil_isEmpty() {
    var request = decode("query", null, "headers", null, "body", null, "timeout", null);

    assertThat(request).isEqualTo(decode());
    assertThat(request.query()).isEmpty();
    assertThat(request.headers().fields()).isEmpty();
    assertThat(request.body().isEmpty()).isTrue();
    assertThat(request.timeout()).isEmpty();
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        Arguments.of("bar", "bar"),
        Arguments.of("", ""),
        Arguments.of("a b&c=d#\r\n\u0000é👍", "a b&c=d#\r\n\u0000é👍"),
        Arguments.of("bin".getBytes(UTF_8), "bin"),
        Arguments.of(50, "50"),
        Arguments.of(-129, "-129"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of(new BigInteger("18446744073709551615"), "18446744073709551615"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"),
        Arguments.of(1.0, "1"),
        Arguments.of(-0.0, "0"),
        Arguments.of(0.1, "0.1"),
        Arguments.of(1.5f, "1.5"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(-3.0f, "-3"));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void query_scalar_isTextAsJavaScriptPrintsIt(Object value, String expected) {
    assertThat(decode("query", Map.of("foo", value)).query())
        .containsExactly(new QueryParameter("foo", expected));
  }

  @Test
  void query_several_keepTheirOrderAndLoseNils() {
    var query = new Pairs("z", "1", "a", null, "", "2", "b c", "3");

    assertThat(decode("query", query).query())
        .containsExactly(
            new QueryParameter("z", "1"),
            new QueryParameter("", "2"),
            new QueryParameter("b c", "3"));
  }

  static Stream<@Nullable Object> badQueries() {
    return Stream.of(
        "a=b",
        1,
        false,
        List.of("a", "b"),
        Map.of("a", List.of("1", "2")),
        Map.of("a", Map.of("b", "c")),
        Map.of("a", NO_UTF8),
        Map.of("a", RAW_NO_UTF8),
        Map.of("a", Raw.of(0xd4, 0x01, 0x02)));
  }

  @ParameterizedTest
  @MethodSource("badQueries")
  void query_noFlatMap_isStatus4(Object query) {
    assertThat(refusal(request("query", query), ResponseStatus.INVALID_QUERY))
        .startsWith("query: ");
  }

  @Test
  void headers_valid_areLowerCasedInOrder() {
    var headers =
        new Pairs(
            "Authorization",
            "Bot TOKEN",
            "X-Audit-Log-Reason",
            "a\tb ~!",
            "content-length",
            12,
            "x-bin",
            "b".getBytes(UTF_8),
            "x-nil",
            null,
            "x-empty",
            "");

    assertThat(decode("headers", headers).headers().fields())
        .containsExactly(
            new Header("authorization", "Bot TOKEN"),
            new Header("x-audit-log-reason", "a\tb ~!"),
            new Header("content-length", "12"),
            new Header("x-bin", "b"),
            new Header("x-empty", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Content-Length",
        "Connection",
        "Transfer-Encoding",
        "Keep-Alive",
        "Upgrade",
        "TE",
        "Trailer",
        "Proxy-Authorization",
        "Expect"
      })
  void headers_hopByHop_areNoError(String name) {
    assertThat(decode("headers", Map.of(name, "x")).headers().fields()).hasSize(1);
  }

  @Test
  void headers_sameNameInOtherCase_lastOneCounts() {
    var headers = new Pairs("Content-Type", "a", "CONTENT-TYPE", "b", "content-type", "c");

    assertThat(decode("headers", headers).headers().fields())
        .containsExactly(new Header("content-type", "c"));
  }

  static Stream<@Nullable Object> badHeaders() {
    return Stream.of(
        "a: b",
        3,
        List.of(),
        Map.of("", "x"),
        Map.of("a b", "x"),
        Map.of("a:", "x"),
        Map.of("a\r\nb", "x"),
        Map.of("x-\u212aey", "Kelvin sign, which turns into a plain k in lower case"),
        Map.of("a", "x\r\nb: c"),
        Map.of("a", "x\ny"),
        Map.of("a", "x\u0000"),
        Map.of("a", "é"),
        Map.of("a", "\u007f"),
        Map.of("a", NO_UTF8),
        Map.of("a", 1.5),
        Map.of("a", true),
        Map.of("a", List.of("b")),
        Map.of("a", Map.of()));
  }

  @ParameterizedTest
  @MethodSource("badHeaders")
  void headers_refusedByHttp_areStatus6(Object headers) {
    assertThat(refusal(request("headers", headers), ResponseStatus.INVALID_HEADERS))
        .startsWith("headers: ");
  }
}
