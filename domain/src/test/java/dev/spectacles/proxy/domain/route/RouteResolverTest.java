package dev.spectacles.proxy.domain.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the route table, and that no key holds an id or a token. */
class RouteResolverTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long DISCORD_EPOCH = 1_420_070_400_000L;
  private static final String ID = "175928847299117063";
  private static final String TOKEN = "QfZ2vK8sXyNotARealWebhookToken_-Lm3";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET,    /users/@me,                        GET /users/@me,                        ''",
    "GET,    /users/175928847299117063,         GET /users/:id,                        ''",
    "GET,    /@cache/guilds/2/members/175928847299117063, GET /@cache/guilds/:number/members/:id,"
        + " ''",
    "GET,    /gateway/bot,                      GET /gateway/bot,                      ''",
    "GET,    /oauth2/applications/@me,          GET /oauth2/applications/@me,          ''",
    "POST,   /oauth2/token,                     POST /oauth2/token,                    ''",
    "GET,    /channels/175928847299117063,      GET /channels/:id,                    "
        + " channels/175928847299117063",
    "GET,    /channels/1,                       GET /channels/:id,                     channels/1",
    "POST,   /channels/1/typing,                POST /channels/:id/typing,             channels/1",
    "POST,   /channels/1/messages,              POST /channels/:id/messages,           channels/1",
    "PATCH,  /channels/1/messages/175928847299117063, PATCH /channels/:id/messages/:id, channels/1",
    "POST,   /channels/1/messages/175928847299117063/crosspost, POST"
        + " /channels/:id/messages/:id/crosspost, channels/1",
    "POST,   /channels/1/messages/bulk-delete,  POST /channels/:id/messages/bulk-delete,"
        + " channels/1",
    "PUT,    /channels/1/pins/175928847299117063, PUT /channels/:id/pins/:id,          channels/1",
    "PUT,    /guilds/2/members/175928847299117063/roles/175928847299117064, PUT"
        + " /guilds/:id/members/:id/roles/:id, guilds/2",
    "GET,    /guilds/2/members/search,          GET /guilds/:id/members/search,        guilds/2",
    "PATCH,  /guilds/2/members/@me,             PATCH /guilds/:id/members/@me,         guilds/2",
    "GET,    /guilds/templates/hgM48av5Q69A,    GET /guilds/templates/:code,           ''",
    "GET,    /invites/discord-developers,       GET /invites/:code,                    ''",
    "GET,    /invites/175928847299117063,       GET /invites/:code,                    ''",
    "GET,    /guilds/2/vanity-url,              GET /guilds/:id/vanity-url,            guilds/2",
    "GET,    /webhooks/3,                       GET /webhooks/:id,                     webhooks/3",
    "GET,    /sticker-packs,                    GET /sticker-packs,                    ''",
    "GET,    /something/new/175928847299117063/deep_er, GET /something/new/:id/deep_er, ''",
    "GET,    /applications/1/commands/12,       GET /applications/:number/commands/:number, ''",
    "FANCY,  /users/@me,                        FANCY /users/@me,                      ''",
    "GET,    /api/users/@me,                    GET /users/@me,                        ''",
    "GET,    /v10/users/@me,                    GET /users/@me,                        ''",
    "GET,    /api/v9/channels/1/messages,       GET /channels/:id/messages,            channels/1",
    "GET,    /users/@me/,                       GET /users/@me,                        ''",
    "GET,    /v10,                              GET /:text,                            ''",
  })
  void plainRoute_isItsTemplateAndMajor(String method, String path, String key, String major) {
    Route route = resolve(method, path, "");
    assertThat(route.key().value()).isEqualTo(key);
    assertThat(route.major().value()).isEqualTo(major);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "POST, /channels/1/messages, CREATE_MESSAGE, true",
    "GET, /channels/1/messages, OTHER, true",
    "POST, /channels/1/messages/bulk-delete, OTHER, true",
    "POST, /interactions/175928847299117063/aToken/callback, INTERACTION_CALLBACK, false",
    "POST, /api/v10/interactions/175928847299117063/aToken/callback, INTERACTION_CALLBACK, false",
    "GET, /interactions/175928847299117063/aToken/callback, OTHER, true",
    "POST, /interactions/175928847299117063/aToken, OTHER, true",
    "POST, /webhooks/3/plainToken, WEBHOOK, true",
    "GET, /webhooks/3, OTHER, true",
  })
  void kind_tellsWhatCountsGlobally(String method, String path, Kind kind, boolean counts) {
    Route route = resolve(method, path, "");
    assertThat(route.kind()).isEqualTo(kind);
    assertThat(route.countsGlobally()).isEqualTo(counts);
  }

  @ParameterizedTest(name = "{0} ms old")
  @CsvSource({
    "-5000, !new",
    "0, !new",
    "8999, !new",
    "9000, !mid",
    "10001, !mid",
    "86400000, !mid",
    "1209600000, !mid",
    "1209601000, !mid",
    "1209601001, !old",
    "31536000000, !old",
  })
  void deletedMessage_byItsAge_hasAClassWithGuardBands(long ageMillis, String expected) {
    long id = (NOW.toEpochMilli() - ageMillis - DISCORD_EPOCH) << 22;
    Route route = resolve("DELETE", "/channels/1/messages/" + id, "");
    assertThat(route.key().value()).isEqualTo("DELETE /channels/:id/messages/:id" + expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551616", "99999999999999999999", "18446744073709551615"})
  void deletedMessage_withAnIdThatNoMessageHas_hasSomeClass(String id) {
    Route route = resolve("DELETE", "/channels/1/messages/" + id, "");
    assertThat(route.key().value()).startsWith("DELETE /channels/:id/messages/:id!");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /channels/1/messages, true",
    "GET, /webhooks/3, true",
    "POST, /webhooks/3/plainToken, false",
    "PATCH, /webhooks/3/plainToken/messages/@original, false",
    "POST, /webhooks/3/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw, false",
    "POST, /interactions/175928847299117063/aToken/callback, false",
  })
  void tokenInThePath_standsForTheCallersCredentials(String method, String path, boolean expected) {
    assertThat(resolve(method, path, "").isAuthorisedByCaller()).isEqualTo(expected);
  }

  @Test
  void reactions_ofOneChannel_shareOneKeyWhateverEmojiAndUser() {
    String message = "/channels/1/messages/" + ID + "/reactions";
    for (String path :
        List.of(
            message,
            message + "/%F0%9F%94%A5",
            message + "/%F0%9F%94%A5/@me",
            message + "/party:" + ID + "/" + ID)) {
      for (String method : List.of("PUT", "DELETE")) {
        Route route = resolve(method, path, "");
        assertThat(route.key().value()).isEqualTo("RX /channels/:id/messages/:id/reactions");
        assertThat(route.major().value()).isEqualTo("channels/1");
      }
    }
    assertThat(resolve("GET", message + "/party:" + ID, "").key().value())
        .isEqualTo("GET /channels/:id/messages/:id/reactions/:reaction");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"x\"} | true",
        "{\"topic\":null} | true",
        "{ \"nsfw\" : true , \"topic\" : \"a\" } | true",
        "{\"a\":{\"name\":1},\"b\":[{\"topic\":2}]} | false",
        "{\"a\":\"name\",\"b\":\"\\\"name\\\":1\"} | false",
        "{\"a\":\"\\\\\",\"name\":\"x\"} | true",
        "{\"\\u006eame\":\"x\"} | true",
        "{\"rate_limit_per_user\":5} | false",
        "[{\"name\":1}] | false",
        "{\"name\" | false",
        "{\"name | false",
        "\"name\":1 | false",
        "'' | false",
      })
  void renamingAChannel_hasABlockOfItsOwnButTheSameBucket(String body, boolean renames) {
    Route route = resolve("PATCH", "/channels/1", body);
    assertThat(route.key().value()).isEqualTo("PATCH /channels/:id");
    assertThat(route.block().value())
        .isEqualTo("PATCH /channels/:id" + (renames ? "!nametopic" : "") + " channels/1");
  }

  @Test
  void renaming_ofSomethingElse_isNoRename() {
    assertThat(resolve("PATCH", "/guilds/1", "{\"name\":\"x\"}").block().value())
        .isEqualTo("PATCH /guilds/:id guilds/1");
  }

  @Test
  void emojisOfAGuild_shareOneBlockWhateverTheMethod() {
    Route list = resolve("GET", "/guilds/2/emojis", "");
    Route change = resolve("PATCH", "/guilds/2/emojis/" + ID, "");
    assertThat(list.block()).isEqualTo(change.block());
    assertThat(list.key()).isNotEqualTo(change.key());
    assertThat(resolve("GET", "/guilds/3/emojis", "").block()).isNotEqualTo(list.block());
  }

  @Test
  void webhookToken_isPartOfTheMajorAsAHashOnly() {
    Route route = resolve("POST", "/webhooks/3/" + TOKEN, "");
    assertThat(route.key().value()).isEqualTo("POST /webhooks/:id/:token");
    assertThat(route.major().value()).isEqualTo("webhooks/3/" + Digest.of(TOKEN));
    assertThat(resolve("POST", "/webhooks/3/other", "").major()).isNotEqualTo(route.major());
    assertThat(resolve("PATCH", "/webhooks/3/" + TOKEN + "/messages/@original", "").key().value())
        .isEqualTo("PATCH /webhooks/:id/:token/messages/@original");
  }

  @Test
  void webhookToken_encodedOrNot_isTheSameMajor() {
    String encoded = TOKEN.replace("_", "%5F").replace("-", "%2d");
    assertThat(resolve("POST", "/webhooks/3/" + encoded, ""))
        .isEqualTo(resolve("POST", "/webhooks/3/" + TOKEN, ""));
    assertThat(resolve("GET", "/ch%61nnels/%31/messages", ""))
        .isEqualTo(resolve("GET", "/channels/1/messages", ""));
  }

  @Test
  void encodedPlus_isNotTheSameAsASpace() {
    assertThat(resolve("POST", "/webhooks/3/a%2Bb", ""))
        .isEqualTo(resolve("POST", "/webhooks/3/a+b", ""))
        .isNotEqualTo(resolve("POST", "/webhooks/3/a%20b", ""));
  }

  @Test
  void interactionToken_isKnownByItsPrefix_andNamedByTheInteraction() {
    String token = interactionToken("interaction:" + ID + ":secretsecretsecretsecret");
    Route route = resolve("PATCH", "/webhooks/3/" + token + "/messages/@original", "");
    assertThat(route.kind()).isEqualTo(Kind.INTERACTION_WEBHOOK);
    assertThat(route.countsGlobally()).isFalse();
    assertThat(route.major().value()).isEqualTo("webhooks/3/" + ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aW50ZXJhY3Rpb246", "aW50ZXJhY3Rpb246!!!!", "aW50ZXJhY3Rpb246YWJj"})
  void interactionToken_thatHoldsNoId_isHashed(String token) {
    Route route = resolve("POST", "/webhooks/3/" + token, "");
    assertThat(route.kind()).isEqualTo(Kind.INTERACTION_WEBHOOK);
    assertThat(route.major().value()).isEqualTo("webhooks/3/" + Digest.of(token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/3/%s",
        "/webhooks/3/%s/slack",
        "/webhooks/3/%s/messages/175928847299117063",
        "/interactions/175928847299117063/%s/callback",
        "/interactions/175928847299117063/%s",
        "/invites/%s",
        "/guilds/templates/%s",
        "/users/@me/%s",
        "/%s",
        "/channels/1/messages/175928847299117063/reactions/%s/@me"
      })
  void noKey_holdsATokenOrAnId(String path) {
    for (String token :
        List.of(TOKEN, interactionToken("interaction:" + ID + ":verysecret"), "a".repeat(68))) {
      for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH")) {
        Route route = resolve(method, path.formatted(token), "");
        assertThat(route.key().value() + route.major() + route.block()).doesNotContain(token);
        assertThat(route.key().value()).doesNotContain(ID).doesNotContainPattern("\\d{15}");
      }
    }
  }

  @Test
  void manyResources_haveOneKey() {
    assertThat(
            java.util.stream.LongStream.range(0, 1_000)
                .mapToObj(n -> resolve("GET", "/channels/" + n + "/messages/" + (n + 1L << 50), ""))
                .map(Route::key)
                .distinct())
        .hasSize(1);
  }

  @Test
  void digest_hasSixteenHexDigitsOfSha256() {
    assertThat(Digest.of("abc")).isEqualTo("ba7816bf8f01cfea");
  }

  private static String interactionToken(String plain) {
    return Base64.getEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static Route resolve(String method, String path, String body) {
    try {
      var request =
          new ProxyRequest(
              new HttpMethod(method),
              ApiPath.parse(path),
              List.of(),
              Headers.empty(),
              Body.of(body),
              Optional.of(Duration.ofSeconds(1)));
      return RouteResolver.resolve(request, NOW);
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }
}
