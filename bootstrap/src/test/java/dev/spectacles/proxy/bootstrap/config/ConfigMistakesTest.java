package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigMistakesTest {
  @TempDir private Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new ConfigFixture(directory);
  }

  @Test
  void table_everyMistake_isReported() {
    fixture.file(
        "[ratelimit.global_per_bot]",
        "my_bot = 500",
        "\"MTc1OTI4ODQ3Mjk5MTE3MDYz.abc.hush-hush\" = 500",
        "\"175928847299117063\" = 0",
        "\"175928847299117064\" = \"500\"",
        "\"175928847299117065\" = 1000001",
        "\"175928847299117066\" = [50]");

    assertThat(fixture.problems())
        .containsExactly(
            "proxy.toml:2: ratelimit.global_per_bot: key \"my_bot\" (expected: a bot's id, of 15 to"
                + " 20 digits)",
            "proxy.toml:3: ratelimit.global_per_bot: key \"***\" (expected: a bot's id, of 15 to 20"
                + " digits)",
            "proxy.toml:4: ratelimit.global_per_bot.175928847299117063: 0 (expected: a whole number"
                + " from 1 to 1000000)",
            "proxy.toml:5: ratelimit.global_per_bot.175928847299117064: \"500\" (expected: a whole"
                + " number from 1 to 1000000, without quotes)",
            "proxy.toml:6: ratelimit.global_per_bot.175928847299117065: 1000001 (expected: a whole"
                + " number from 1 to 1000000)",
            "proxy.toml:7: ratelimit.global_per_bot.175928847299117066: a list (expected: a whole"
                + " number from 1 to 1000000)");
  }

  @Test
  void table_thatIsNone_isAMistake() {
    fixture.file("[ratelimit]", "global_per_bot = 500");

    assertThat(fixture.problems())
        .containsExactly(
            "proxy.toml:2: ratelimit.global_per_bot: a value (expected: a section"
                + " [ratelimit.global_per_bot])");
  }

  @Test
  void load_manyMistakes_reportsAllOfThemAtOnce() {
    fixture
        .file(
            "timout = \"2min\"",
            "url = \"localhost\"",
            "ratelimit = 3",
            "",
            "[broker]",
            "group = 7",
            "max_age = 5",
            "max_held = 3.7",
            "max_bucket_share = 101",
            "[redis]",
            "poolsize = 4",
            "pool_size = \"32\"",
            "pasword = \"hush-hush\"",
            "[discrod]",
            "api_version = 9",
            "[discord]",
            "api_url = \"https://name:hush-hush@discord.com/api?x=1\"",
            "egress = [\"a\"]",
            "timeout = \"0s\"",
            "[log]",
            "level = \"inof\"")
        .environment("TIMEOUT", "2 minuts")
        .environment("METRICS_ADDR", "3000")
        .environment("RATELIMIT_ORDERED_MESSAGES", "maybe");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> fixture.load())
        .withMessage(
            String.join(
                System.lineSeparator(),
                "The configuration has 18 mistakes:",
                "  proxy.toml:1: timout: unknown key of the top level (did you mean timeout?)",
                "  proxy.toml:2: url: unknown key of the top level (did you mean redis.url?)",
                "  proxy.toml:3: ratelimit: a value (expected: a section [ratelimit])",
                "  proxy.toml:6: broker.group: 7 (expected: a text in quotes)",
                "  proxy.toml:7: broker.max_age: 5 (expected: a duration such as \"30s\", \"2min\""
                    + " or \"1h 30m\", in quotes and with its unit)",
                "  proxy.toml:8: broker.max_held: 3.7 (expected: a whole number from 1 to"
                    + " 10000000)",
                "  proxy.toml:9: broker.max_bucket_share: 101 (expected: a whole number from 1 to"
                    + " 100)",
                "  proxy.toml:11: redis.poolsize: unknown key of [redis] (did you mean pool_size?)",
                "  proxy.toml:12: redis.pool_size: \"32\" (expected: a whole number from 1 to"
                    + " 1000, without quotes)",
                "  proxy.toml:13: redis.pasword: unknown key of [redis] (expected: one of url,"
                    + " pool_size)",
                "  proxy.toml:14: [discrod]: unknown section (expected: one of broker, every,"
                    + " redis, shelf, discord, ratelimit, cache, gateway, http, metrics, log) (did"
                    + " you mean discord?)",
                "  proxy.toml:17: discord.api_url: \"https://name:***@discord.com/api?x=1\""
                    + " (expected: an http or https URL without credentials, query and fragment)",
                "  proxy.toml:18: discord.egress: a list (expected: a text in quotes)",
                "  proxy.toml:19: discord.timeout: \"0s\" (expected: a duration above zero and up"
                    + " to 1h, such as \"15s\")",
                "  proxy.toml:21: log.level: \"inof\" (expected: one of trace, debug, info, warn,"
                    + " error (did you mean info?))",
                "  environment TIMEOUT: timeout: \"2 minuts\" (expected: a duration such as 30s,"
                    + " 2min or 1h 30m; at character 3: a unit such as s, min or h, not minuts (did"
                    + " you mean minute?))",
                "  environment RATELIMIT_ORDERED_MESSAGES: ratelimit.ordered_messages: \"maybe\""
                    + " (expected: true or false)",
                "  environment METRICS_ADDR: metrics.addr: \"3000\" (expected: host and port such"
                    + " as \"0.0.0.0:3000\" or \"[::1]:3000\")"));
  }

  @Test
  void load_overriddenValue_hasToBeRightNevertheless() {
    assertThat(
            fixture
                .file("[redis]", "pool_size = -1")
                .environment("REDIS_POOL_SIZE", "5")
                .problems())
        .containsExactly(
            "proxy.toml:2: redis.pool_size: -1 (expected: a whole number from 1 to 1000)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeout = | 1",
        "[broker | 1",
        "[broker]~group = \"a\"~group = \"b\" | 3",
        "[broker]~[redis]~[broker] | 3",
        "timeout = \"1s | 1",
        "[broker]~~group = gateway | 3",
        "= 3 | 1"
      })
  void load_brokenToml_namesLineAndColumn(String toml, int line) {
    assertThat(fixture.file(toml.split("~")).problems())
        .singleElement()
        .asString()
        .matches("(?s)proxy\\.toml:" + line + ": column \\d+: .*");
  }

  @Test
  void load_brokenToml_doesNotHideTheEnvironmentsMistakes() {
    assertThat(fixture.file("[broker").environment("REDIS_POOL_SIZE", "many").problems())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("environment REDIS_POOL_SIZE: redis.pool_size: \"many\"");
  }

  @Test
  void load_brokenToml_doesNotShowTheLine() {
    assertThat(fixture.file("[every]", "password = \"hush-hush").problems())
        .singleElement()
        .asString()
        .doesNotContain("hush");
    assertThat(fixture.file("[every]", "password = hush-hush").problems())
        .singleElement()
        .asString()
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[broker]]",
        "broker = []",
        "broker = \"redis\"",
        "broker = 1",
        "broker = true",
        "broker = 1979-05-27"
      })
  void load_sectionOfAnotherKind_isRefused(String toml) {
    assertThat(fixture.file(toml).problems())
        .singleElement()
        .asString()
        .startsWith("proxy.toml:1: broker: a ")
        .endsWith(" (expected: a section [broker])");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1979-05-27", "1979-05-27T07:32:00Z", "07:32:00", "1", "1.5", "true", "[]", "{}"})
  void load_textOfAnotherType_isRefused(String value) {
    assertThat(fixture.file("[broker]", "group = " + value).problems())
        .singleElement()
        .asString()
        .startsWith("proxy.toml:2: broker.group: ")
        .endsWith(" (expected: a text in quotes)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0",
        "1e1",
        "nan",
        "inf",
        "0",
        "1000",
        "-1",
        "9223372036854775808",
        "true",
        "\"10\"",
        "[10]"
      })
  void load_numberOfAnotherTypeOrSize_isRefused(String value) {
    assertThat(fixture.file("[discord]", "api_version = " + value).problems())
        .singleElement()
        .asString()
        .startsWith("proxy.toml:2: discord.api_version: ")
        .contains("(expected: a whole number from 1 to 999");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://discord.com",
        "discord.com/api",
        "https://",
        "https:///api",
        "https://u@discord.com",
        "https://discord.com/?a",
        "https://discord.com/#a",
        "https://dis cord.com",
        ""
      })
  void load_apiUrlOfAnotherForm_isRefused(String url) {
    assertThat(fixture.environment("DISCORD_API_URL", url).problems())
        .singleElement()
        .asString()
        .endsWith("(expected: an http or https URL without credentials, query and fragment)");
  }

  @Test
  void load_apiUrlWithAVersion_isRefused() {
    assertThat(fixture.environment("DISCORD_API_URL", "https://discord.com/api/v10/").problems())
        .singleElement()
        .asString()
        .endsWith("(expected: the root without a version, which discord.api_version adds)");
  }

  @Test
  void load_unknownBrokerType_namesTheKnownOnes() {
    assertThat(fixture.environment("BROKER_TYPE", "redsi").problems())
        .containsExactly(
            "environment BROKER_TYPE: broker.type: \"redsi\" (expected: one of every, redis (did"
                + " you mean redis?))");
  }

  @Test
  void load_secretOfAnotherType_isMasked() {
    assertThat(fixture.file("[every]", "password = 1234567").problems())
        .containsExactly("proxy.toml:2: every.password: *** (expected: a text in quotes)");
  }

  @Test
  void load_serveSendWithoutShardCount_isRefused() {
    assertThat(fixture.file("[gateway]", "serve_send = true").problems())
        .containsExactly(
            "proxy.toml:2: gateway.shard_count: 0 (expected: >= 1, as gateway.serve_send is"
                + " true)");
  }

  @Test
  void load_inlineTable_hasTheLineOfItsSection() {
    assertThat(fixture.file("", "broker = { grup = \"x\" }").problems())
        .containsExactly(
            "proxy.toml:2: broker.grup: unknown key of [broker] (did you mean group?)");
  }
}
