package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.path;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  @ParameterizedTest
  @CsvSource({
    "/guilds/1/roles,        uri:/guilds/1/roles",
    "/guilds/1/roles/,       uri:/guilds/1/roles",
    "/api/v9/guilds/1/roles, uri:/guilds/1/roles",
    "/guilds/%31/roles,      uri:/guilds/1/roles",
    "/users/%40me,           uri:/users/@me",
  })
  void path_howeverWritten_hasOneTag(String path, String tag) {
    assertThat(Tags.ofUri(path(path))).isEqualTo(tag);
  }

  @Test
  void prefixes_goUpToTheWholePath() {
    assertThat(Tags.ofPrefixes(path("/guilds/1/roles")))
        .containsExactly("uri:/guilds", "uri:/guilds/1", "uri:/guilds/1/roles");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/1/aSecretToken",
        "/webhooks/1/aSecretToken/messages/2",
        "/webhooks/noId/aSecretToken/",
        "/webhooks/1/%61SecretToken",
        "/api/webhooks/1/aSecretToken",
        "/interactions/1/aSecretToken/callback",
      })
  void token_inAPath_occursAsAHashOnly(String path) {
    assertThat(Tags.ofPrefixes(path(path)))
        .noneMatch(tag -> tag.contains("aSecretToken"))
        .anyMatch(tag -> tag.matches("uri:/(webhooks|interactions)/[^/]+/[0-9a-f]{16}.*"));
  }

  @Test
  void scopeAndUri_areOfDifferentKinds() {
    assertThat(Tags.ofScope("anon")).isEqualTo("scope:anon").isNotEqualTo(Tags.ALL);
  }
}
