package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.BOT;
import static dev.spectacles.proxy.domain.cache.Asked.get;
import static dev.spectacles.proxy.domain.cache.Asked.path;
import static dev.spectacles.proxy.domain.cache.Asked.request;
import static dev.spectacles.proxy.domain.cache.Asked.token;
import static dev.spectacles.proxy.domain.cache.Asked.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeysTest {
  private static final List<String> LANGUAGE = List.of("x-discord-locale", "accept-language");

  private final CacheKeys keys = new CacheKeys("a secret of an installation".getBytes(UTF_8));

  @Test
  void scope_isTheKeyedHashOfTheExactValue() {
    // RFC 4231, section 4.3.
    var known = new CacheKeys("Jefe".getBytes(UTF_8));
    assertThat(known.scope(authorized("what do ya want for nothing?")))
        .isEqualTo("5bdcc146bf60754e6a042426089575c7");
  }

  @Test
  void scope_differsByCredentialsAndInstallation() {
    var scopes = new HashSet<String>();
    for (String value : List.of("Bot a", "Bot b", "bot a", "Bearer a", "a", "", "Bot a ")) {
      scopes.add(keys.scope(authorized(value)));
    }
    scopes.add(keys.scope(Headers.empty()));
    scopes.add(new CacheKeys(new byte[32]).scope(authorized("Bot a")));
    scopes.add(
        keys.scope(
            new Headers(
                List.of(
                    new Header("authorization", "Bot a"), new Header("authorization", "Bot b")))));
    assertThat(scopes).hasSize(10).contains(CacheKeys.ANONYMOUS);
    assertThat(keys.scope(authorized("Bot a"))).isEqualTo(keys.scope(authorized("Bot a")));
  }

  @Test
  void key_holdsNeitherTokensNorIds() {
    ProxyRequest request = get("/webhooks/175928847299117063/aSecretWebhookToken");
    CacheKey key = keys.key(keys.scope(request.headers()), request, 10, List.of());
    assertThat(key.toString()).matches("[0-9a-f]{32}:[0-9a-f]{32}");
  }

  @ParameterizedTest
  @CsvSource({
    "/users/@me,              /users/@me",
    "/users/%40me,            /users/%40me",
    "/%75sers/@me,            /users/@me",
    "/guilds/%31%32,          /guilds/12",
    "/a/%7euser%2D%2E%5f,     /a/~user-._",
    "/a/%f0%9f%94%a5,         /a/%F0%9F%94%A5",
    "/a/\uD83D\uDD25,         /a/%F0%9F%94%A5",
    "/a/%2a%25,               /a/%2A%25",
    "/a/b|c\",                /a/b%7Cc%22",
    "/a/'!$&()*+;=:',         /a/'!$&()*+;=:'",
    "/users/@me/,             /users/@me/",
    "/api/v10/users/@me,      /api/v10/users/@me",
  })
  void path_hasOneSpelling(String written, String canonical) {
    assertThat(CacheKeys.canonicalPath(path(written))).isEqualTo(canonical);
  }

  @Test
  void query_isSortedByNameAndKeepsTheOrderOfRepeats() {
    assertThat(
            CacheKeys.canonicalQuery(
                List.of(of("b", "2"), of("a", "2"), of("b", "1"), of("a", "1"))))
        .containsExactly(of("a", "2"), of("a", "1"), of("b", "2"), of("b", "1"));
  }

  @ParameterizedTest
  @CsvSource({
    "with_counts, True,  true",
    "with_counts, 1,     true",
    "with_counts, true,  true",
    "with_counts, False, false",
    "with_counts, 0,     false",
    "with_counts, TRUE,  TRUE",
    "with_counts, '',    ''",
    "with_member, 1,     true",
    "limit,       1,     1",
    "query,       True,  True",
    "With_Counts, 1,     1",
  })
  void boolean_ofADocumentedParameter_hasOneSpelling(String name, String value, String expected) {
    assertThat(CacheKeys.canonicalQuery(List.of(of(name, value))))
        .containsExactly(of(name, expected));
  }

  @Test
  void key_ofTheSameRequestWrittenDifferently_isTheSame() {
    ProxyRequest plain = get("/guilds/1/members");
    assertThat(key(with(plain, plain.headers(), of("limit", "5"), of("after", "3"))))
        .isEqualTo(key(with(plain, plain.headers(), of("after", "3"), of("limit", "5"))))
        .isEqualTo(
            key(
                with(
                    get("/guilds/%31/members"),
                    plain.headers(),
                    of("after", "3"),
                    of("limit", "5"))));
    assertThat(key(with(plain, plain.headers().with("X-Audit-Log-Reason", "none"))))
        .isEqualTo(key(plain));
  }

  @Test
  void key_ofWhateverDiscordMayAnswerDifferently_differs() {
    ProxyRequest plain = get("/guilds/1/members");
    Headers bot = plain.headers();
    var different = new HashSet<String>();
    different.add(hash(plain));
    different.add(hash(get("/guilds/1/members/")));
    different.add(hash(get("/v10/guilds/1/members")));
    different.add(hash(get("/guilds/01/members")));
    different.add(hash(get("/guilds/1/member")));
    different.add(hash(request("HEAD", "/guilds/1/members", BOT, "")));
    different.add(hash(with(plain, bot, of("a", ""))));
    different.add(hash(with(plain, bot, of("a", "b&c=d"))));
    different.add(hash(with(plain, bot, of("a", "b"), of("c", "d"))));
    different.add(hash(with(plain, bot, of("ab", "c"))));
    different.add(hash(with(plain, bot, of("a", "bc"))));
    different.add(hash(with(plain, bot, of("a", "1"), of("a", "2"))));
    different.add(hash(with(plain, bot, of("a", "2"), of("a", "1"))));
    different.add(hash(with(plain, bot, of("a", "True"))));
    different.add(hash(with(plain, bot, of("a", "true"))));
    different.add(hash(with(plain, bot.with("Accept-Language", "de"))));
    different.add(hash(with(plain, bot.with("X-Discord-Locale", "de"))));
    different.add(hash(with(plain, bot.with("Accept-Language", ""))));
    different.add(keys.key("one", plain, 10, LANGUAGE).hash());
    different.add(keys.key("another", plain, 10, LANGUAGE).hash());
    different.add(keys.key(keys.scope(bot), plain, 9, LANGUAGE).hash());
    assertThat(different).hasSize(21);
  }

  @Test
  void variantHeader_thatTheRouteDoesNotName_isOfNoConsequence() {
    ProxyRequest plain = get("/guilds/1/members");
    ProxyRequest german = with(plain, plain.headers().with("Accept-Language", "de"));
    assertThat(keys.key("a", german, 10, List.of())).isEqualTo(keys.key("a", plain, 10, List.of()));
  }

  private String hash(ProxyRequest request) {
    return key(request).hash();
  }

  private CacheKey key(ProxyRequest request) {
    return keys.key(keys.scope(request.headers()), request, 10, LANGUAGE);
  }

  private static Headers authorized(String value) {
    return new Headers(List.of(new Header("authorization", value)));
  }

  private static QueryParameter of(String name, String value) {
    return new QueryParameter(name, value);
  }

  @Test
  void tokens_ofTwoBots_areTwoScopes() {
    assertThat(keys.scope(Headers.of(Map.of("Authorization", token("1")))))
        .isNotEqualTo(keys.scope(Headers.of(Map.of("Authorization", token("2")))));
  }
}
