package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.pack;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.adapter.wire.Packed.Raw;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsTest {
  private static final String SECRET = "MARKED-SECRET";

  static Stream<byte[]> refused() {
    var secret = Map.of("authorization", SECRET);
    return Stream.of(
        pack(SECRET),
        pack(List.of(SECRET)),
        pack(new Pairs("method", "GET", "headers", secret, "body", SECRET)),
        pack(new Pairs(SECRET, SECRET, SECRET, SECRET)),
        request("headers", Map.of("authorization", SECRET + "\n")),
        request("headers", Map.of("authorization", SECRET + "é")),
        request("headers", Map.of("authorization", List.of(SECRET))),
        request("headers", SECRET),
        request("headers", secret, "body", 1.5),
        request("body", Map.of("content", SECRET)),
        request("body", List.of(1, SECRET)),
        request("body", new Pairs("type", SECRET, "data", List.of(1))),
        request("query", SECRET),
        request("query", Map.of("a", List.of(SECRET))),
        request("query", new Pairs(SECRET, 1, SECRET, 2)),
        request("query", Map.of(SECRET, List.of(1))),
        request("path", SECRET),
        request("path", "/webhooks/1/" + SECRET + "?wait=true"),
        request("path", "/webhooks/1/" + SECRET + "/../x"),
        request("path", "/webhooks/1/" + SECRET + "%zz"),
        request("path", List.of(SECRET)),
        request("timeout", SECRET),
        request("timeout", List.of(SECRET, SECRET)),
        request("later", new Pairs(SECRET, Raw.of(0xc1))),
        utf8("{" + SECRET),
        utf8("{\"" + SECRET + "\":" + SECRET + "}"),
        utf8("{\"headers\":{\"authorization\":\"" + SECRET + "\u0001\"}}"),
        utf8("{\"headers\":{\"authorization\":\"" + SECRET + "\"},\"path\":\"/u/1\"}" + SECRET),
        utf8("{\"body\":\"" + SECRET),
        utf8("{\"body\":{\"" + SECRET + "\":\"" + SECRET + "\"}}"),
        utf8("{\"body\":\"\\x" + SECRET + "\"}"),
        utf8("{\"query\":{\"a\":" + SECRET + "}}"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void decode_refused_neverRepeatsTheContent(byte[] payload) {
    assertThat(traceOf(payload)).isNotEmpty().doesNotContain("MARKED");
  }

  @Test
  void decode_anyTruncation_neverRepeatsTheContent() {
    byte[] messagePack =
        request("headers", Map.of("authorization", SECRET), "body", SECRET, "later", SECRET);
    byte[] json =
        utf8(
            "{\"method\":\"GET\",\"path\":\"/u/1\",\"headers\":{\"authorization\":\""
                + SECRET
                + "\"},\"body\":\""
                + SECRET
                + "\"}");
    for (byte[] whole : List.of(messagePack, json)) {
      for (int length = 0; length < whole.length; length++) {
        assertThat(traceOf(Arrays.copyOf(whole, length))).isNotEmpty().doesNotContain("MARKED");
      }
    }
  }

  @Test
  void decode_response_neverRepeatsTheContent() {
    byte[] whole =
        pack(
            new Pairs(
                "status",
                0,
                "body",
                new Pairs("status", SECRET, "headers", Map.of(SECRET, SECRET))));
    for (int length = 0; length <= whole.length; length++) {
      try {
        ResponseCodec.decode(Arrays.copyOf(whole, length));
        throw new AssertionError("accepted at length " + length);
      } catch (WireException e) {
        assertThat(trace(e)).doesNotContain("MARKED");
      }
    }
  }

  /** Message and causes as a log would show them. */
  private static String traceOf(byte[] payload) {
    try {
      RequestCodec.decode(payload);
      throw new AssertionError("accepted");
    } catch (InvalidRequestException e) {
      return e.toResponse().message() + trace(e);
    }
  }

  private static String trace(Exception e) {
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
