package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.filled;
import static dev.spectacles.proxy.domain.cache.Asked.get;
import static dev.spectacles.proxy.domain.cache.Asked.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spectacles.proxy.domain.cache.RouteRule.Storage;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheRoutesTest {
  private final CacheRoutes routes = CacheRoutes.of(Map.of(), false);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/voice/regions,                  STORE,    3600, 3600, true",
    "/sticker-packs/1,                STORE,    3600, 3600, true",
    "/gateway,                        STORE,    3600, 3600, true",
    "/oauth2/keys,                    STORE,    3600, 3600, true",
    "/guilds/templates/aCode,         STORE,    60,   60,   true",
    "/guilds/1/widget.json,           STORE,    60,   60,   true",
    "/stickers/2,                     STORE,    60,   60,   true",
    "/guilds/1,                       STORE,    5,    300,  true",
    "/guilds/1/roles,                 STORE,    5,    300,  true",
    "/guilds/1/roles/2,               STORE,    5,    300,  true",
    "/channels/3,                     STORE,    5,    300,  true",
    "/stage-instances/3,              STORE,    5,    300,  true",
    "/guilds/1/members/4,             STORE,    5,    120,  true",
    "/users/4,                        STORE,    5,    300,  true",
    "/guilds/1/members,               STORE,    5,    30,   false",
    "/guilds/1/members/search,        STORE,    5,    30,   false",
    "/guilds/1/roles/member-counts,   STORE,    5,    30,   false",
    "/channels/3/thread-members,      STORE,    5,    30,   false",
    "/guilds/1/auto-moderation/rules, STORE,    15,   120,  false",
    "/applications/5/commands,        STORE,    15,   120,  false",
    "/applications/@me,               STORE,    15,   120,  false",
    "/guilds/1/bans/4,                STORE,    5,    60,   false",
  })
  void time_isThatOfTheGroup(
      String path, Storage storage, int shortTtl, int longTtl, boolean stale) {
    RouteRule rule = rule(routes, path);
    assertThat(rule.storage()).isEqualTo(storage);
    assertThat(rule.ttl()).isEqualTo(Duration.ofSeconds(shortTtl));
    assertThat(rule.staleAllowed()).isEqualTo(stale);
    assertThat(rule(CacheRoutes.of(Map.of(), true), path).ttl())
        .isEqualTo(Duration.ofSeconds(longTtl));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/channels/3/messages,            COALESCE",
    "/channels/3/messages/4,          COALESCE",
    "/channels/3/messages/4/reactions/%F0%9F%94%A5, COALESCE",
    "/channels/3/polls/4/answers/1,   COALESCE",
    "/gateway/bot,                    COALESCE",
    "/users/@me,                      COALESCE",
    "/users/@me/guilds,               SHARE_NOTHING",
    "/users/@me/connections,          SHARE_NOTHING",
    "/invites/aCode,                  SHARE_NOTHING",
    "/guilds/1/audit-logs,            SHARE_NOTHING",
    "/guilds/1/messages/search,       SHARE_NOTHING",
    "/applications/5/entitlements,    SHARE_NOTHING",
    "/lobbies/6,                      SHARE_NOTHING",
    "/oauth2/@me,                     SHARE_NOTHING",
    "/guilds/1/webhooks,              SHARE_NOTHING",
    "/channels/3/webhooks,            SHARE_NOTHING",
    "/webhooks/7,                     SHARE_NOTHING",
    "/webhooks/7/aToken,              SHARE_NOTHING",
    "/webhooks/7/aToken/messages/@original, SHARE_NOTHING",
    "/something/new,                  SHARE_NOTHING",
    "/guilds/1/something-new,         SHARE_NOTHING",
    "/guilds/notAnId,                 SHARE_NOTHING",
    "/guilds/%7Bguild_id%7D,          SHARE_NOTHING",
    "/guilds,                         SHARE_NOTHING",
    "/guilds/1/roles/2/more,          SHARE_NOTHING",
  })
  void rest_isNotStored(String path, Storage storage) {
    RouteRule rule = rule(routes, path);
    assertThat(rule.storage()).isEqualTo(storage);
    assertThat(rule.ttl()).isZero();
  }

  @Test
  void messages_withEventsThatTellOfChanges_areStoredForAMoment() {
    assertThat(rule(CacheRoutes.of(Map.of(), true), "/channels/3/messages").ttl())
        .isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/%40me", "/v10/users/@me", "/api/users/@me/"})
  void route_isFoundAsDiscordReadsThePath(String path) {
    assertThat(rule(routes, path).template()).isEqualTo("/users/@me");
  }

  static Stream<String> templates() {
    return CacheRoutes.templates().stream();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void template_filledIn_isFound(String template) {
    assertThat(rule(routes, filled(template)).template()).isEqualTo(template);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void tags_areCompleteAndOfThisPath(String template) {
    List<String> tags = routes.tagsOf(get(filled(template)));
    assertThat(tags).doesNotHaveDuplicates().contains(Tags.ofUri(path(filled(template))));
    assertThat(tags).noneMatch(tag -> tag.contains("{") || tag.contains("null"));
    assertThat(tags).noneMatch(tag -> tag.contains("aWebhookToken"));
  }

  @ParameterizedTest
  @CsvSource({
    "/applications/5/commands,            2",
    "/applications/5/commands/6,          2",
    "/applications/5/guilds/1/commands,   2",
    "/applications/5/guilds/1/commands/6, 2",
    "/applications/5/guilds/1/commands/permissions, 0",
    "/guilds/1/roles,                     0",
  })
  void commands_varyWithTheLanguage(String path, int count) {
    assertThat(rule(routes, path).variantHeaders())
        .isSubsetOf("x-discord-locale", "accept-language")
        .hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "with_counts, true,  30",
    "with_counts, 1,     30",
    "with_counts, false, 300",
    "with_other,  true,  300",
  })
  void counts_areNotKeptForLong(String name, String value, int seconds) {
    List<QueryParameter> query = List.of(new QueryParameter(name, value));
    assertThat(CacheRoutes.of(Map.of(), true).ruleOf(path("/guilds/1"), query).ttl())
        .isEqualTo(Duration.ofSeconds(seconds));
    assertThat(routes.ruleOf(path("/guilds/1"), query).ttl()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void override_winsOverGroupAndCounts() {
    CacheRoutes own =
        CacheRoutes.of(
            Map.of(
                "/guilds/{guild_id}", Duration.ofMinutes(1),
                "/guilds/{guild_id}/roles", Duration.ZERO,
                "/channels/{channel_id}/messages", Duration.ofSeconds(3),
                "/guilds/{guild_id}/audit-logs", Duration.ofSeconds(10),
                "/users/@me/guilds", Duration.ZERO),
            true);
    assertThat(rule(own, "/guilds/1").ttl()).isEqualTo(Duration.ofMinutes(1));
    assertThat(
            own.ruleOf(path("/guilds/1"), List.of(new QueryParameter("with_counts", "true"))).ttl())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(rule(own, "/guilds/1/roles").storage()).isEqualTo(Storage.COALESCE);
    assertThat(rule(own, "/guilds/1/roles/2").storage()).isEqualTo(Storage.STORE);
    assertThat(rule(own, "/channels/3/messages").ttl()).isEqualTo(Duration.ofSeconds(3));
    assertThat(rule(own, "/guilds/1/audit-logs").storage()).isEqualTo(Storage.STORE);
    assertThat(rule(own, "/users/@me/guilds").storage()).isEqualTo(Storage.COALESCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/guilds/{guild_id}/webhooks",
        "/channels/{channel_id}/webhooks",
        "/webhooks/{webhook_id}",
        "/webhooks/{webhook_id}/{webhook_token}",
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
      })
  void override_ofWhatHoldsSecrets_isRefused(String template) {
    assertThat(CacheRoutes.refusal(template)).get().asString().contains("secrets");
    for (Duration ttl : List.of(Duration.ofSeconds(1), Duration.ZERO)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CacheRoutes.of(Map.of(template, ttl), false))
          .withMessage(
              template
                  + ": "
                  + ttl
                  + " (expected: no time: its answers hold secrets and are never kept)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/guilds/{guild.id}/roles, /guilds/{guild_id}/roles",
    "/guild/{guild_id}/roles,  /guilds/{guild_id}/roles",
  })
  void override_ofAnUnknownTemplate_isRefusedWithASuggestion(String template, String suggested) {
    assertThat(CacheRoutes.refusal(template))
        .get()
        .asString()
        .startsWith("a GET route as Discord's documentation has it")
        .contains(suggested);
    assertThat(CacheRoutes.refusal(suggested)).isEmpty();
  }

  @Test
  void override_below0_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CacheRoutes.of(Map.of("/guilds/{guild_id}", Duration.ofSeconds(-1)), false))
        .withMessageContaining(">= 0");
  }

  private static RouteRule rule(CacheRoutes routes, String path) {
    return routes.ruleOf(path(path), List.of());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/webhooks/1/aToken,                     true",
    "/webhooks/1/aToken/messages/@original,  true",
    "/webhooks/1/aToken/not/documented,      true",
    "/interactions/1/aToken/callback,        true",
    "/channels/1/webhooks,                   true",
    "/guilds/1/webhooks,                     true",
    "/guilds/1/roles,                        false",
    "/not/documented,                        false"
  })
  void secrets_areKnownWhateverTheProfile(String path, boolean holds) {
    assertThat(CacheRoutes.holdsSecrets(path(path))).isEqualTo(holds);
  }
}
