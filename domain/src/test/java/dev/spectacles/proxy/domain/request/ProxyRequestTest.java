package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyRequestTest {
  private static final String SECRET = "marked-secret";

  @Test
  void toString_tellsNoSecret() throws InvalidRequestException {
    assertThat(request("x").toString()).doesNotContain(SECRET);
    assertThat(Body.of(SECRET).toString()).doesNotContain(SECRET);
  }

  @Test
  void weight_growsWithTheBody() throws InvalidRequestException {
    assertThat(request("x".repeat(1_000)).weight())
        .isGreaterThanOrEqualTo(request("").weight() + 1_000);
  }

  @Test
  void body_isEqualByItsBytes() {
    assertThat(Body.of("a")).isEqualTo(Body.of(new byte[] {'a'})).hasSameHashCodeAs(Body.of("a"));
    assertThat(Body.of("a")).isNotEqualTo(Body.of("b"));
    assertThat(Body.of(new byte[0])).isSameAs(Body.empty());
    assertThat(Body.of("\u00e9").utf8()).isEqualTo("\u00e9");
  }

  private static ProxyRequest request(String body) throws InvalidRequestException {
    return new ProxyRequest(
        new HttpMethod("POST"),
        ApiPath.parse("/webhooks/1/" + SECRET),
        List.of(new QueryParameter("q", SECRET)),
        Headers.of(Map.of("Authorization", SECRET)),
        Body.of(body + SECRET),
        Optional.empty());
  }
}
