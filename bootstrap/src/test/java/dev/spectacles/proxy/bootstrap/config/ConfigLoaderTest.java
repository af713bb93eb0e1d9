package dev.spectacles.proxy.bootstrap.config;

import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  /** The sample of the proxy's documentation, word for word. */
  private static final String[] SEED = {
    "timeout = \"\" # TIMEOUT",
    "[broker]",
    "group = \"gateway\" # BROKER_GROUP",
    "event = \"REQUEST\" # BROKER_EVENT",
    "[redis]",
    "url = \"localhost:6379\" # REDIS_URL",
    "pool_size = 32 # REDIS_POOL_SIZE",
    "[discord]",
    "api_version = 10 # DISCORD_API_VERSION",
    "[metrics]",
    "# addr = \"0.0.0.0:3000\" # METRICS_ADDR",
    "# path = \"metrics\" # METRICS_PATH"
  };

  @TempDir private Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new ConfigFixture(directory);
  }

  @Test
  void table_ofTheFile_isTakenFromItAndShown() {
    Config config =
        fixture
            .file(
                "[ratelimit]",
                "global = 60",
                "[ratelimit.global_per_bot]",
                "\"175928847299117063\" = 500",
                "175928847299117064 = 1_000_000")
            .environment("RATELIMIT_GLOBAL_PER_BOT_175928847299117063", "7")
            .load();

    assertThat(config.rateLimit().global())
        .isEqualTo(
            new GlobalLimits(
                60, Map.of("175928847299117063", 500, "175928847299117064", 1_000_000)));
    assertThat(config.values())
        .extracting(value -> value.path() + " " + value.shown() + " " + value.origin())
        .containsSubsequence(
            "ratelimit.store auto default",
            "ratelimit.global_per_bot.175928847299117063 500 proxy.toml:4",
            "ratelimit.global_per_bot.175928847299117064 1000000 proxy.toml:5",
            "metrics.addr  default");
  }

  @Test
  void table_writtenInline_isTheSame() {
    Config config =
        fixture.file("[ratelimit]", "global_per_bot = { \"175928847299117063\" = 500 }").load();

    assertThat(config.rateLimit().global().perBot()).containsEntry("175928847299117063", 500);
  }

  @Test
  void load_nothingSet_hasTheDocumentedDefaults() {
    Config config = fixture.load();

    assertThat(config.timeout()).isEmpty();
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.broker())
        .isEqualTo(
            new Config.Broker(
                "redis",
                "gateway",
                java.util.Optional.empty(),
                "REQUEST",
                java.util.Optional.of(Duration.ofMinutes(5)),
                10_000,
                67_108_864,
                25,
                Duration.ofSeconds(5),
                config.broker().section()));
    assertThat(config.broker().section().text("url")).contains("localhost:6379");
    assertThat(config.broker().section().number("pool_size")).isEqualTo(32);
    assertThat(config.discord())
        .isEqualTo(
            new Config.Discord(
                URI.create("https://discord.com/api"),
                10,
                Duration.ofSeconds(15),
                33_554_432,
                "default",
                "DiscordBot (https://github.com/spec-tacles/proxy, 1.2.3)"));
    assertThat(config.rateLimit().global()).isEqualTo(GlobalLimits.ofAll(50));
    assertThat(config.rateLimit().maxWait()).isEmpty();
    assertThat(config.rateLimit().orderedMessages()).isTrue();
    assertThat(config.rateLimit().store()).as("no store of the broker's type").isEqualTo("local");
    assertThat(config.rateLimit().degradesToLocal()).isTrue();
    assertThat(config.rateLimit().invalidLimit()).isEqualTo(10_000);
    assertThat(config.metrics()).isEmpty();
    assertThat(config.logLevel()).isEqualTo("info");
    assertThat(config.notes()).isEmpty();
    assertThat(config.values()).allMatch(value -> value.origin() instanceof Origin.Default);
  }

  @Test
  void load_gateway_isServedWhereItIsAskedFor() {
    assertThat(fixture.load().gateway()).isEmpty();
    assertThat(fixture.file("[gateway]", "shard_count = 3").load().notes())
        .containsExactly(
            "gateway.shard_count (proxy.toml:2) has no effect: gateway.serve_send is false");
    assertThat(fixture.file("[gateway]", "shard_count = 3", "serve_send = true").load().gateway())
        .contains(new Config.Gateway(3));
  }

  @Test
  void load_seedsSample_isTheSameAsNothing() {
    Config unset = fixture.load();

    Config sample = fixture.file(SEED).load();

    assertThat(sample.values().stream().map(v -> v.path() + "=" + v.shown()))
        .isEqualTo(unset.values().stream().map(v -> v.path() + "=" + v.shown()).toList());
    assertThat(sample.metrics()).isEmpty();
  }

  @Test
  void load_environment_winsOverFile() {
    fixture.file("[broker]", "group = \"file\"", "event = \"E\"");

    Config config = fixture.environment("BROKER_GROUP", "environment").load();

    assertThat(config.broker().group()).isEqualTo("environment");
    assertThat(config.broker().event()).isEqualTo("E");
    assertThat(config.values())
        .contains(
            new EffectiveValue(
                "broker.group", "environment", new Origin.Environment("BROKER_GROUP")),
            new EffectiveValue(
                "broker.event", "E", new Origin.File("proxy.toml", OptionalInt.of(3))));
  }

  @Test
  void load_option_winsOverEnvironment() {
    Config config =
        fixture
            .environment("REDIS_URL", "elsewhere:1")
            .load(new ConfigLoader.OptionValue("redis.url", "127.0.0.1:7000", "--embedded"));

    assertThat(config.broker().section().text("url")).contains("127.0.0.1:7000");
    assertThat(config.values())
        .contains(
            new EffectiveValue("redis.url", "127.0.0.1:7000", new Origin.Option("--embedded")));
  }

  @Test
  void load_olderNames_areAliasesThatYieldToTheNewOnes() {
    fixture.environment("AMQP_GROUP", "old").environment("AMQP_EVENT", "OLD");

    assertThat(fixture.load().broker().group()).isEqualTo("old");
    assertThat(fixture.load().broker().event()).isEqualTo("OLD");

    Config both = fixture.environment("BROKER_GROUP", "new").load();
    assertThat(both.broker().group()).isEqualTo("new");
  }

  @Test
  void load_variablesOfAnotherBroker_areNoted() {
    Config config =
        fixture.environment("AMQP_SUBGROUP", "s").environment("EVERY_COUNT", "2").load();

    assertThat(config.notes())
        .containsExactly(
            "every.count (environment EVERY_COUNT) has no effect: it concerns broker.type = every,"
                + " and broker.type is redis",
            "AMQP_SUBGROUP has no effect: it concerns broker.type = amqp, and broker.type is"
                + " redis");
  }

  @Test
  void load_egressWithoutASharedStore_isNoted() {
    assertThat(fixture.environment("DISCORD_EGRESS", "home").load().notes())
        .containsExactly(
            "discord.egress (environment DISCORD_EGRESS) has no effect: ratelimit.store is local,"
                + " which shares nothing with other instances");
  }

  @Test
  void load_unknownVariables_areIgnored() {
    assertThat(fixture.environment("BROKER_GRUP", "x").environment("PATH", "/").problems())
        .isEmpty();
  }

  @Test
  void load_emptyVariable_isEmptyText() {
    Config config =
        fixture
            .file("timeout = \"2min\"", "[broker]", "max_age = \"1h\"")
            .environment("TIMEOUT", "")
            .environment("BROKER_MAX_AGE", "")
            .load();

    assertThat(config.timeout()).isEmpty();
    assertThat(config.broker().maxAge()).isEmpty();
    assertThat(fixture.environment("BROKER_GROUP", "").problems())
        .containsExactly(
            "environment BROKER_GROUP: broker.group: \"\" (expected: a text that is not empty)");
  }

  @Test
  void load_namedFile_isReadAndHasToBeThere() throws IOException {
    Files.writeString(directory.resolve("other.toml"), "timeout = \"1h 30m\"\n");
    var loader = fixture.file("timeout = \"1s\"").loader();

    Config config = loader.load(Path.of("other.toml"));

    assertThat(config.timeout()).contains(Duration.ofMinutes(90));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> loader.load(Path.of("missing.toml")))
        .withMessageContaining("missing.toml: no such file (expected: a TOML file)");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> loader.load(Path.of(".")))
        .withMessageContaining(".: cannot be read: it is a folder (expected: a TOML file)");
  }

  @Test
  void load_byteOrderMark_isSkipped() {
    assertThat(fixture.file("\uFEFFtimeout = \"1s\"").load().timeout())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void load_otherEncoding_isRefused() throws IOException {
    Files.write(directory.resolve("proxy.toml"), "timeout = \"1s\"".getBytes(UTF_16));

    assertThat(fixture.problems())
        .containsExactly("proxy.toml: not UTF-8 (expected: a TOML file saved as UTF-8)");
  }

  @Test
  void load_emptyFile_isFine() {
    assertThat(fixture.file("").problems()).isEmpty();
    assertThat(fixture.file("# nothing").problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.0:3000 | '' | 0.0.0.0:3000 | /metrics",
        "'' | stats | 0.0.0.0:3000 | /stats",
        "[::1]:0 | /a/b | [::1]:0 | /a/b",
        "localhost:9090 | / | localhost:9090 | /"
      })
  void metrics_eitherSet_otherHasItsDefault(
      String addr, String path, String address, String expectedPath) {
    var metrics =
        fixture
            .environment("METRICS_ADDR", addr)
            .environment("METRICS_PATH", path)
            .load()
            .metrics()
            .orElseThrow();

    assertThat(metrics.address()).hasToString(address);
    assertThat(metrics.path()).isEqualTo(expectedPath);
  }

  @Test
  void apiUrl_slashAtItsEnd_isDropped() {
    assertThat(
            fixture.environment("DISCORD_API_URL", "http://localhost:8080/api/").load().discord())
        .extracting(Config.Discord::apiUrl)
        .isEqualTo(URI.create("http://localhost:8080/api"));
  }

  @Test
  void section_ofTheChosenType_hasEveryType() {
    fixture.file(
        "[broker]",
        "type = \"every\"",
        "[every]",
        "name = \"n\"",
        "password = \"p\"",
        "colour = \"Green\"",
        "count = -5",
        "on = true",
        "pause = \"2min\"",
        "hosts = [\"x\", \"y\"]");

    var section = fixture.load().broker().section();

    assertThat(section.text("name")).contains("n");
    assertThat(section.text("password")).contains("p");
    assertThat(section.text("colour")).contains("green");
    assertThat(section.number("count")).isEqualTo(-5);
    assertThat(section.flag("on")).isTrue();
    assertThat(section.duration("pause")).contains(Duration.ofMinutes(2));
    assertThat(section.list("hosts")).containsExactly("x", "y");
  }

  @Test
  void section_fromEnvironment_hasEveryType() {
    fixture
        .environment("BROKER_TYPE", "every")
        .environment("EVERY_NAME", "")
        .environment("EVERY_COUNT", " 4 ")
        .environment("EVERY_ON", "TRUE")
        .environment("EVERY_PAUSE", "")
        .environment("EVERY_HOSTS", "x, y,");

    var section = fixture.load().broker().section();

    assertThat(section.text("name")).isEmpty();
    assertThat(section.number("count")).isEqualTo(4);
    assertThat(section.flag("on")).isTrue();
    assertThat(section.duration("pause")).isEmpty();
    assertThat(section.list("hosts")).containsExactly("x", "y");
  }

  @Test
  void section_askedForWhatIsNotDeclared_isAProgrammingError() {
    var section = fixture.load().broker().section();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> section.text("name"))
        .withMessage("key: name (expected: one declared for [redis])");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> section.number("url"))
        .withMessage("type of url: NUMBER (expected: TEXT, as declared)");
  }

  @Test
  void providers_clashingOrReserved_areRefusedByName() {
    var twice = List.of(KeysOnlyProvider.redis(), KeysOnlyProvider.redis());
    var reserved = List.of(new KeysOnlyProvider("discord", KeysOnlyProvider.redis().keys()));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Providers.brokers(twice))
        .withMessageContaining("broker type \"redis\": provided by both")
        .withMessageContaining(KeysOnlyProvider.class.getName());
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Providers.brokers(reserved))
        .withMessageContaining("broker type \"discord\" of " + KeysOnlyProvider.class.getName());
  }
}
