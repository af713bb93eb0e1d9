package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections {@code cache} and {@code cache.rest}: the first ones within another. */
class CacheConfigTest {
  private static final String SECRET = "hush-hush-hush-hush";

  @TempDir private Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new ConfigFixture(directory);
  }

  @Test
  void load_nothingSet_hasTheDocumentedDefaults() {
    Config.Cache cache = fixture.load().cache();

    assertThat(cache.secret()).isEmpty();
    assertThat(cache.rest())
        .isEqualTo(
            new Config.Cache.Rest(
                true,
                "memory",
                cache.rest().section(),
                67_108_864,
                1_048_576,
                false,
                false,
                Duration.ofSeconds(60),
                Duration.ofSeconds(300),
                Duration.ofMillis(250),
                Duration.ofMillis(250),
                Map.of()));
  }

  @Test
  void load_file_setsEverything() {
    Config config =
        fixture
            .file(
                "[cache]",
                "secret = \"" + SECRET + "\"",
                "[cache.rest]",
                "enabled = false",
                "store = \"shelf\"",
                "max_bytes = 5",
                "max_entry_bytes = 4",
                "strict = true",
                "negative_403 = true",
                "stale_while_limited = \"0s\"",
                "stale_if_error = \"\"",
                "lookup_timeout = \"20ms\"",
                "settle = \"1s\"",
                "[cache.rest.ttl]",
                "\"/guilds/{guild_id}/roles\" = \"30s\"",
                "\"/users/@me\" = \"0s\"")
            .load();

    assertThat(config.cache().secret()).contains(SECRET);
    assertThat(config.cache().rest())
        .isEqualTo(
            new Config.Cache.Rest(
                false,
                "shelf",
                config.cache().rest().section(),
                5,
                4,
                true,
                true,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Map.of(
                    "/guilds/{guild_id}/roles",
                    Duration.ofSeconds(30),
                    "/users/@me",
                    Duration.ZERO)));
    assertThat(config.values())
        .extracting(value -> value.path() + " " + value.shown() + " " + value.origin())
        .containsSubsequence(
            "cache.secret *** proxy.toml:2",
            "cache.rest.enabled false proxy.toml:4",
            "cache.rest.redis_url  default",
            "cache.rest.ttl./guilds/{guild_id}/roles 30s proxy.toml:15",
            "cache.rest.ttl./users/@me 0s proxy.toml:16",
            "gateway.serve_send false default");
    assertThat(config.cache()).asString().doesNotContain("hush");
  }

  @Test
  void load_environment_namesEveryKeyButTheTable() {
    Config config =
        fixture
            .environment("CACHE_SECRET", SECRET)
            .environment("CACHE_REST_STORE", "shelf")
            .environment("CACHE_REST_TTL__USERS__ME", "7s")
            .load();

    assertThat(config.cache().secret()).contains(SECRET);
    assertThat(config.cache().rest().store()).isEqualTo("shelf");
    assertThat(config.cache().rest().ttl()).isEmpty();
  }

  @Test
  void redisUrl_isTheStoresServer_withTheRestOfItsSection() {
    fixture
        .file("[redis]", "url = \"broker:1\"", "pool_size = 3")
        .environment("CACHE_REST_STORE", "redis");
    assertThat(fixture.load().cache().rest().section().text("url")).contains("broker:1");

    Config config = fixture.environment("CACHE_REST_REDIS_URL", "redis://me:hush@own:1").load();

    assertThat(config.cache().rest().section().text("url")).contains("redis://me:hush@own:1");
    assertThat(config.cache().rest().section().number("pool_size")).isEqualTo(3);
    assertThat(config.broker().section().text("url")).contains("broker:1");
    assertThat(config.values())
        .contains(
            new EffectiveValue(
                "cache.rest.redis_url",
                "redis://me:***@own:1",
                new Origin.Environment("CACHE_REST_REDIS_URL")));
    assertThat(config.notes()).isEmpty();
  }

  @Test
  void redisUrl_thatTheStoreRefuses_isToldByItsOwnName() {
    fixture.environment("CACHE_REST_STORE", "redis").environment("CACHE_REST_REDIS_URL", "nowhere");

    assertThat(fixture.problems())
        .containsExactly(
            "environment CACHE_REST_REDIS_URL: cache.rest.redis_url: no address (expected:"
                + " somewhere)");
  }

  @Test
  void sectionThatTheStoreRefuses_isTold_unlessNothingIsKept() {
    fixture.environment("CACHE_REST_STORE", "shelf").environment("SHELF_URL", "nowhere");
    assertThat(fixture.problems())
        .containsExactly("environment SHELF_URL: shelf.url: no address (expected: somewhere)");

    assertThat(fixture.environment("CACHE_REST_ENABLED", "false").problems()).isEmpty();
  }

  @Test
  void settingsOfAnotherStore_haveNoEffectAndItIsSaid() {
    fixture.environment("SHELF_URL", "here").environment("CACHE_REST_REDIS_URL", "there");

    assertThat(fixture.load().notes())
        .containsExactly(
            "shelf.url (environment SHELF_URL) has no effect: it concerns cache.rest.store ="
                + " shelf, and cache.rest.store is memory",
            "cache.rest.redis_url (environment CACHE_REST_REDIS_URL) has no effect: it concerns"
                + " cache.rest.store = redis, and cache.rest.store is memory");
  }

  @Test
  void settingsOfTheStoreThatIsNoBroker_haveAnEffect() {
    fixture
        .environment("BROKER_TYPE", "every")
        .environment("REDIS_URL", "here")
        .environment("CACHE_REST_STORE", "redis");

    assertThat(fixture.load().notes()).isEmpty();
    assertThat(fixture.environment("CACHE_REST_ENABLED", "false").load().notes())
        .containsExactly(
            "redis.url (environment REDIS_URL) has no effect: it concerns broker.type = redis, and"
                + " broker.type is every");
  }

  @Test
  void mistakes_areAllReported() {
    fixture.file(
        "[cache]",
        "secret = \"hush\"",
        "rst = {}",
        "[cache.rest]",
        "stor = \"redis\"",
        "store = \"redsi\"",
        "max_entry_bytes = 0",
        "lookup_timeout = \"0s\"",
        "settle = \"31s\"",
        "[cache.rest.ttl]",
        "\"guilds/{guild_id}\" = \"30s\"",
        "\"/guilds/{guild_id}\" = 30",
        "\"/users/@me\" = \"\"");

    assertThat(fixture.problems())
        .containsExactly(
            "proxy.toml:2: cache.secret: \"***\" (expected: at least 16 characters, or none)",
            "proxy.toml:3: cache.rst: unknown key of [cache] (expected: one of secret)",
            "proxy.toml:5: cache.rest.stor: unknown key of [cache.rest] (did you mean store?)",
            "proxy.toml:6: cache.rest.store: \"redsi\" (expected: one of memory, redis, shelf (did"
                + " you mean redis?))",
            "proxy.toml:7: cache.rest.max_entry_bytes: 0 (expected: a whole number from 1 to"
                + " 1073741824)",
            "proxy.toml:8: cache.rest.lookup_timeout: \"0s\" (expected: a duration above zero and"
                + " up to 10s, such as \"50ms\")",
            "proxy.toml:9: cache.rest.settle: \"31s\" (expected: a duration up to 30s, such as"
                + " \"250ms\" or \"0s\")",
            "proxy.toml:11: cache.rest.ttl: key \"guilds/{guild_id}\" (expected: a GET route as"
                + " Discord's documentation has it (did you mean /guilds/{guild_id}?))",
            "proxy.toml:12: cache.rest.ttl./guilds/{guild_id}: 30 (expected: a duration such as"
                + " \"30s\", \"2min\" or \"1h 30m\", in quotes and with its unit)",
            "proxy.toml:13: cache.rest.ttl./users/@me: \"\" (expected: a duration, such as \"30s\""
                + " or \"0s\")");
  }

  @ParameterizedTest
  @CsvSource({
    "/guilds/:id/roles, /guilds/:id/roles",
    "/guilds/81384788765712384/roles, /guilds/81384788765712384/roles",
    "GET /guilds/{id}, GET /guilds/{id}",
    "/webhooks/1/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw, ***",
    "/webhooks/1/abcdefghijklmnopqrstuvwxyzabcdefgh, ***"
  })
  void keyThatIsNoRoute_isShownUnlessItMayHoldAToken(String key, String shown) {
    assertThat(fixture.file("[cache.rest.ttl]", "\"" + key + "\" = \"1s\"").problems())
        .singleElement()
        .asString()
        .contains("key \"" + shown + "\"");
  }

  @Test
  void sectionsOfAnotherKind_areRefused() {
    assertThat(fixture.file("[cache]", "rest = 3").problems())
        .containsExactly("proxy.toml:2: cache.rest: a value (expected: a section [cache.rest])");
    assertThat(fixture.file("[cache]", "rest = { ttl = [] }").problems())
        .containsExactly(
            "proxy.toml:2: cache.rest.ttl: a list (expected: a section [cache.rest.ttl])");
    assertThat(fixture.file("[cache.rest]", "enabled = {}").problems())
        .containsExactly("proxy.toml:2: cache.rest.enabled: a section (expected: true or false)");
  }

  @Test
  void storesOfTheSameName_declareTheSameKeys() {
    var other =
        new Plugins(
            ConfigFixture.PLUGINS.brokers(),
            ConfigFixture.PLUGINS.stores(),
            Providers.cacheStores(
                List.of(
                    new KeysOnlyCacheStoreProvider(
                        "redis", KeysOnlyCacheStoreProvider.shelf().keys()))));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new ConfigLoader("1.2.3", other, Map.of(), directory))
        .withMessageContaining(
            "redis: cache store and another plug-in of that name declare other keys");
  }

  @Test
  void providersOfAnswers_ofOneTypeTwice_areRefused() {
    var twice = List.of(KeysOnlyCacheStoreProvider.shelf(), KeysOnlyCacheStoreProvider.shelf());

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Providers.cacheStores(twice))
        .withMessageContaining("cache store type \"shelf\": provided by both");
    assertThat(Plugins.installed().cacheStores().types()).contains("memory", "redis");
  }
}
