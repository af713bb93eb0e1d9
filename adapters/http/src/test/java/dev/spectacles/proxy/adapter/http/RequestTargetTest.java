package dev.spectacles.proxy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v10/users/@me, /users/@me",
    "/api/users/@me, /users/@me",
    "/users/@me, /users/@me",
    "/v10/users/@me, /users/@me",
    "/api/v9/users/@me, /v9/users/@me",
    "/v9/users/@me, /v9/users/@me",
    "/apis/1, /apis/1",
    "/v1000/x, /v1000/x",
    "/api/api/v10/x, /api/v10/x",
    "/api/v10/channels/1/messages/2/reactions/%F0%9F%94%A5/@me,"
        + " /channels/1/messages/2/reactions/%F0%9F%94%A5/@me",
    "http://proxy:80/api/v10/gateway, /gateway",
    "/api/v10/@cache/stats, /@cache/stats",
  })
  void path_losesTheConfiguredRoot(String target, String path) throws InvalidRequestException {
    assertThat(RequestTarget.parse(target, 10).path().value()).isEqualTo(path);
  }

  @Test
  void query_isDecodedInItsOrder() throws InvalidRequestException {
    assertThat(RequestTarget.parse("/x?b=1&a=%C3%A4+%2B&b=&c&&d=e=f", 10).query())
        .containsExactly(
            new QueryParameter("b", "1"),
            new QueryParameter("a", "ä +"),
            new QueryParameter("b", ""),
            new QueryParameter("c", ""),
            new QueryParameter("d", "e=f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x?a=%", "/x?a=%zz", "/x?%C3", "/x?a=#b", "/x?a=\u00e4", "/x?a=%FF"})
  void query_malformed_isRefused(String target) {
    assertRefused(target, ResponseStatus.INVALID_QUERY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "/",
        "/api",
        "/api/v10",
        "/api/v10/",
        "/api/../x",
        "/a//b",
        "/a/%2e%2e/b",
        "/a%2fb",
        "/a%",
        "/\u00e4",
        "/a\tb",
        "http://proxy"
      })
  void path_malformed_isRefused(String target) {
    assertRefused(target, ResponseStatus.INVALID_PATH);
  }

  private static void assertRefused(String target, ResponseStatus status) {
    assertThatThrownBy(() -> RequestTarget.parse(target, 10))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.status()).isEqualTo(status));
  }
}
