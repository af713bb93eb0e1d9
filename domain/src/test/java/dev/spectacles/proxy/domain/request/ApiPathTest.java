package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/users/@me",
        "/users/@me/",
        "/a",
        "/channels/1/messages/2/reactions/%F0%9F%94%A5/@me",
        "/channels/1/messages/2/reactions/\uD83D\uDD25/@me",
        "/a/...",
        "/a/.b",
        "/a/%252e%252e",
        "/webhooks/1/a+b~c!$&'()*,;=:@",
      })
  void path_belowTheRoot_isKeptAsItCame(String text) throws InvalidRequestException {
    assertThat(ApiPath.parse(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "//",
        "users/@me",
        "https://evil.example/users",
        "//evil.example/users",
        "/users//@me",
        "/users/@me//",
        "/users/../channels",
        "/users/./@me",
        "/..",
        "/users/..",
        "/users/%2e%2E/x",
        "/users/.%2e/x",
        "/users/%2e",
        "/users?x=1",
        "/users#x",
        "/users/a b",
        "/users/a\r\nHost: x",
        "/users/\u0000",
        "/users/\u007f",
        "/users\\..\\x",
        "/users/a%2fb",
        "/users/a%5Cb",
        "/users/%",
        "/users/%2",
        "/users/%zz",
        "/users/\uD83D",
        "/users/\uDD25\uD83D",
      })
  void path_thatIsNoneBelowTheRoot_isStatus3WithoutThePathInTheMessage(String text) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> ApiPath.parse(text))
        .satisfies(e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_PATH))
        .withMessageStartingWith("path: ")
        .satisfies(
            e -> assertThat(e.getMessage().replace("/users/@me", "")).doesNotContain("users"));
  }

  @Test
  void segments_areThoseBetweenTheSlashes() throws InvalidRequestException {
    assertThat(ApiPath.parse("/a/b%20c/d/").segments()).containsExactly("a", "b%20c", "d");
  }

  @Test
  void toString_doesNotTellThePath() throws InvalidRequestException {
    assertThat(ApiPath.parse("/webhooks/1/secret").toString()).doesNotContain("secret");
  }
}
