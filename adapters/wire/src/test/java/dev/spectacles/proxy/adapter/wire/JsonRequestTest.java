package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.refusal;
import static dev.spectacles.proxy.domain.request.ResponseStatus.INVALID_REQUEST_FORMAT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRequestTest {
  @Test
  void decode_seedExample_readsEveryField() {
    ProxyRequest request =
        decode(
            utf8(
                """
                {
                  "method": "POST",
                  "path": "/users/1234",
                  "query": {"foo": "bar", "n": 5, "d": 1.0, "e": 1e21, "b": false, "z": -0, "nil": null,
                            "huge": 123456789012345678901234567890},
                  "body": [0, 255, 10],
                  "headers": {"Def": "uvw", "n": 7, "nil": null},
                  "timeout": {"secs": 1, "nanos": 500000000},
                  "unknown": {"a": [[{}], 1, "x", true, null]}
                }
                """));

    assertThat(request.method().name()).isEqualTo("POST");
    assertThat(request.path().value()).isEqualTo("/users/1234");
    assertThat(request.query())
        .containsExactly(
            new QueryParameter("foo", "bar"),
            new QueryParameter("n", "5"),
            new QueryParameter("d", "1"),
            new QueryParameter("e", "1e+21"),
            new QueryParameter("b", "false"),
            new QueryParameter("z", "0"),
            new QueryParameter("huge", "123456789012345678901234567890"));
    assertThat(request.body().bytes()).containsExactly(0, 255, 10);
    assertThat(request.headers().joined())
        .containsEntry("def", "uvw")
        .containsEntry("n", "7")
        .hasSize(2);
    assertThat(request.timeout()).contains(Duration.ofMillis(1500));
  }

  @Test
  void decode_bodyAsString_isItsUtf8() {
    String text = "é👍\\n" + "x".repeat(100_000);

    assertThat(decode(json("\"body\": \"" + text + "\"")).body().utf8())
        .isEqualTo("é👍\n" + "x".repeat(100_000));
    assertThat(decode(json("\"body\": \"\\ud83d\\udc4d\"")).body().utf8()).isEqualTo("👍");
  }

  @Test
  void decode_bodyAsNodeBuffer_isItsData() {
    String zeros = "0,".repeat(10_000) + "255";

    assertThat(
            decode(json("\"body\": {\"type\":\"Buffer\",\"data\":[" + zeros + "]}")).body().size())
        .isEqualTo(10_001);
    assertThat(decode(json("\"body\": {\"data\":[],\"type\":\"Buffer\"}")).body().isEmpty())
        .isTrue();
  }

  @Test
  void decode_nulls_areAbsent() {
    String nulls = "\"query\":null,\"body\":null,\"headers\":null,\"timeout\":null";

    assertThat(decode(json(nulls))).isEqualTo(decode(json("\"x\":1")));
  }

  @Test
  void decode_timeoutAsArray_isItsDuration() {
    assertThat(decode(json("\"timeout\": [2, 1]")).timeout()).contains(Duration.ofSeconds(2, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}",
        "{\"method\":\"GET\"}",
        "{\"method\":\"GET\",\"path\":null}",
        "{\"method\":\"GET\",\"path\":\"/u/1\"} x",
        "{\"method\":\"GET\",\"path\":\"/u/1\"}{}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"path\":\"/u/1\"}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"x\":1,\"x\":1}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"query\":{\"a\":1,\"a\":2}}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"\\ud83d\":1}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":\"\\udc4d\"}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":[256]}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":[1.0]}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":[99999999999999999999]}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":[1,}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":{}}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"body\":7}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"timeout\":[1,-1]}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"timeout\":[99999999999999999999,0]}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"timeout\":\"5s\"}",
        "{\"method\":\"GET\",\"path\":\"/u/1\",\"query\":{\"a\":NaN}}",
        "{'method':'GET','path':'/u/1'}",
        "{\"method\":\"GET\" /* */,\"path\":\"/u/1\"}"
      })
  void decode_malformed_isStatus2(String json) {
    assertThat(refusal(utf8(json), INVALID_REQUEST_FORMAT)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"method\": \"G T\"   | INVALID_METHOD",
        "\"method\": 5         | INVALID_METHOD",
        "\"path\": \"/../x\"   | INVALID_PATH",
        "\"path\": \"/\\udc4d\"| INVALID_PATH",
        "\"path\": {\"a\":[]}  | INVALID_PATH",
        "\"query\": [[1],[2]]  | INVALID_QUERY",
        "\"query\": {\"a\":[]} | INVALID_QUERY",
        "\"query\": {\"a\":\"\\ud83d\"} | INVALID_QUERY",
        "\"headers\": {\"a\":\"\\r\\n\"} | INVALID_HEADERS",
        "\"headers\": {\"a\":true} | INVALID_HEADERS",
        "\"headers\": \"a\"    | INVALID_HEADERS",
      })
  void decode_invalidField_hasTheFieldsStatus(String field, ResponseStatus status) {
    String name = field.substring(1, field.indexOf('"', 1));
    String method = name.equals("method") ? "" : "\"method\":\"GET\",";
    String path = name.equals("path") ? "" : "\"path\":\"/users/1\",";

    assertThat(refusal(utf8("{" + method + path + field + "}"), status)).startsWith(name + ": ");
  }

  @Test
  void decode_deepNesting_isStatus2OnlyBeyondTheBound() {
    assertThat(decode(json("\"x\":" + "[".repeat(63) + "]".repeat(63)))).isNotNull();
    refusal(json("\"x\":" + "[".repeat(65) + "]".repeat(65)), INVALID_REQUEST_FORMAT);
    refusal(json("\"x\":" + "[".repeat(1_000_000)), INVALID_REQUEST_FORMAT);
    refusal(json("\"query\":" + "{\"a\":".repeat(1_000_000)), INVALID_REQUEST_FORMAT);
  }

  @Test
  void decode_otherEncoding_isStatus2() {
    String json = "{\"method\":\"GET\",\"path\":\"/u/1\",\"x\":\"é\"}";

    refusal(json.getBytes(ISO_8859_1), INVALID_REQUEST_FORMAT);
    refusal(json.getBytes(UTF_16LE), INVALID_REQUEST_FORMAT);
  }

  @Test
  void decode_numberWithoutEnd_isStatus2() {
    refusal(json("\"query\":{\"a\":" + "9".repeat(1_000_000) + "}"), INVALID_REQUEST_FORMAT);
  }

  private static byte[] json(String fields) {
    return utf8("{\"method\":\"GET\",\"path\":\"/users/1234\"," + fields + "}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
