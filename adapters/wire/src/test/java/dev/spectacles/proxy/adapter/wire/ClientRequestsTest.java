package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRequestsTest {
  @Test
  void decode_everyFixture_hasTheTokenAndAPath() {
    var requests = Clients.requests();

    assertThat(requests).hasSizeGreaterThanOrEqualTo(13);
    requests.forEach(
        (name, bytes) -> {
          ProxyRequest request = decode(bytes);
          assertThat(request.headers().first("authorization")).as(name).contains("Bot TOKEN");
          assertThat(request.path().value()).as(name).startsWith("/");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"js-get", "go-get"})
  void decode_getWithNils_takesThemAsAbsent(String name) {
    ProxyRequest request = decode(Clients.request(name));

    assertThat(request.method().name()).isEqualTo("GET");
    assertThat(request.path().value()).isEqualTo("/users/@me");
    assertThat(request.query()).isEmpty();
    assertThat(request.body()).isEqualTo(Body.empty());
    assertThat(request.timeout()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust-get", "csharp-get"})
  void decode_getWithQuery_keepsIt(String name) {
    ProxyRequest request = decode(Clients.request(name));

    assertThat(request.query()).containsExactly(new QueryParameter("foo", "bar"));
    assertThat(request.body().isEmpty()).isTrue();
  }

  @Test
  void decode_jsJson_keepsTheText() {
    ProxyRequest request = decode(Clients.request("js-post-json"));

    assertThat(request.method().name()).isEqualTo("POST");
    assertThat(request.body().utf8()).isEqualTo("{\"content\":\"hé 👍\",\"tts\":false}");
    assertThat(request.headers().first("content-type")).contains("application/json");
    assertThat(request.headers().first("x-ratelimit-precision")).contains("millisecond");
  }

  @Test
  void decode_jsBuffer_keepsTheBytes() {
    assertThat(body("js-post-buffer")).isEqualTo("00fffe0a0d80");
  }

  @Test
  void decode_jsQuery_printsValuesAsJavaScriptDoes() {
    assertThat(decode(Clients.request("js-query")).query())
        .containsExactly(
            new QueryParameter("limit", "50"),
            new QueryParameter("ratio", "1.5"),
            new QueryParameter("whole", "1e+21"),
            new QueryParameter("with_counts", "true"),
            new QueryParameter("around", "a b&c=d"),
            new QueryParameter("big", "9007199254740992"),
            new QueryParameter("neg", "-7"));
  }

  @Test
  void decode_jsOwnContentType_sendsTheClientsOnly() {
    var headers = decode(Clients.request("js-own-content-type")).headers();

    assertThat(headers.joined()).containsEntry("content-type", "application/json");
    assertThat(headers.fields()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust-post-array", "rust-post-bin"})
  void decode_rustBody_isTheSameAsArrayAndBin(String name) {
    assertThat(body(name)).isEqualTo("00017f80c8ff");
  }

  @Test
  void decode_rustTimeout_isItsDuration() {
    assertThat(decode(Clients.request("rust-post-array")).timeout())
        .contains(Duration.ofMillis(5250));
    assertThat(decode(Clients.request("rust-post-bin")).timeout()).contains(Duration.ofSeconds(5));
  }

  @Test
  void decode_goOldRaw_keepsBytesThatAreNoUtf8() {
    ProxyRequest request = decode(Clients.request("go-post-binary"));

    assertThat(body("go-post-binary"))
        .isEqualTo(
            "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f1011121314151617");
    assertThat(request.query()).containsExactly(new QueryParameter("wait", "true"));
    assertThat(decode(Clients.request("go-post-text")).body().utf8())
        .isEqualTo("{\"content\":\"hi\"}");
  }

  @Test
  void decode_csharp_readsItsTextAndBytes() {
    assertThat(body("csharp-post")).isEqualTo("00ff80");
    assertThat(decode(Clients.request("csharp-post")).headers().first("x-audit-log-reason"))
        .contains("a reason that takes more than 31 bytes");
  }

  private static String body(String name) {
    return HexFormat.of().formatHex(decode(Clients.request(name)).body().bytes());
  }
}
