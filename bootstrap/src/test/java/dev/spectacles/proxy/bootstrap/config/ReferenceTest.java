package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the reference and the example file against the keys that are really declared. */
class ReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");
  private static final Path EXAMPLE = Path.of("..", "docs", "proxy.example.toml");
  private static final String MARKER = " -Dreference=write -->\n";
  private static final boolean WRITE = "write".equals(System.getProperty("reference"));
  private static final Plugins INSTALLED = Plugins.installed();

  /** Values other than the default for keys whose rules a general one would break. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("broker.type", "redis"),
          Map.entry("cache.secret", "0123456789abcdef"),
          Map.entry("cache.gateway.app", "175928847299117063"),
          Map.entry("cache.gateway.types", "channels,roles"),
          Map.entry("ratelimit.store", "local"),
          Map.entry("gateway.serve_send", "false"),
          Map.entry("log.level", "debug"),
          Map.entry("log.format", "json"),
          Map.entry("discord.api_url", "http://localhost:1"),
          Map.entry("http.addr", "localhost:1"),
          Map.entry("http.secret", "0123456789abcdef"),
          Map.entry("metrics.addr", "localhost:1"),
          Map.entry("redis.url", "redis://other:1"),
          Map.entry(
              "redis.truststore",
              Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toString()));

  @TempDir private Path directory;

  @Test
  void reference_everyKey_isThereWithItsDefaultAndNothingElse() throws IOException {
    String text = Files.readString(REFERENCE);
    String head = text.substring(0, text.indexOf(MARKER) + MARKER.length());
    String expected = head + tables();
    if (WRITE) {
      Files.writeString(REFERENCE, expected);
    }

    assertThat(Files.readString(REFERENCE)).isEqualTo(expected);
  }

  @Test
  void example_everyKey_isThereWithItsDefaultAndNothingElse() throws IOException {
    if (WRITE) {
      Files.writeString(EXAMPLE, example());
    }

    assertThat(Files.readString(EXAMPLE)).isEqualTo(example());
  }

  @Test
  void example_asConfiguration_isTheDefaults() throws IOException {
    String toml = example().replace("<version>", "1.2.3");
    Files.writeString(directory.resolve("proxy.toml"), toml);

    Config fromExample = loader(Map.of()).load();
    Files.delete(directory.resolve("proxy.toml"));
    Config defaults = loader(Map.of()).load();

    assertThat(fromExample.values())
        .extracting(EffectiveValue::path, EffectiveValue::shown)
        .isEqualTo(
            defaults.values().stream()
                .map(value -> org.assertj.core.groups.Tuple.tuple(value.path(), value.shown()))
                .toList());
    assertThat(fromExample.values()).allMatch(value -> value.origin() instanceof Origin.File);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void key_ofAnySource_isTakenFromIt(String path) throws IOException {
    Setting setting = schema().setting(path);
    String other = other(setting);

    Config environment = loader(Map.of(setting.environmentName(), other)).load();
    Files.writeString(directory.resolve("proxy.toml"), toml(setting, other));
    Config file = loader(Map.of()).load();

    String shown = Masking.show(setting.key(), other);
    assertThat(environment.values())
        .contains(
            new EffectiveValue(path, shown, new Origin.Environment(setting.environmentName())));
    assertThat(file.values())
        .anySatisfy(
            value -> {
              assertThat(value.path()).isEqualTo(path);
              assertThat(value.shown()).isEqualTo(shown);
              assertThat(value.origin()).isInstanceOf(Origin.File.class);
            });
  }

  @Test
  void environmentNames_ofAllKeys_areDistinct() {
    var names = new ArrayList<String>();
    for (Setting setting : schema().settings()) {
      names.add(setting.environmentName());
      names.addAll(setting.aliases());
    }

    assertThat(names)
        .doesNotHaveDuplicates()
        .contains(
            "TIMEOUT",
            "BROKER_GROUP",
            "BROKER_EVENT",
            "REDIS_URL",
            "REDIS_POOL_SIZE",
            "DISCORD_API_VERSION",
            "METRICS_ADDR",
            "METRICS_PATH");
  }

  static Stream<String> settings() {
    return schema().settings().stream().map(Setting::path);
  }

  private static Schema schema() {
    return new Schema("<version>", INSTALLED);
  }

  private ConfigLoader loader(Map<String, String> environment) {
    return new ConfigLoader("1.2.3", INSTALLED, environment, directory);
  }

  private static String tables() {
    var text = new StringBuilder();
    var sections = new ArrayList<String>(List.of(Schema.TOP));
    sections.addAll(schema().sections());
    for (String section : sections) {
      text.append(section.isEmpty() ? "\n## Top level\n" : "\n## [" + section + "]\n");
      text.append("\n| Key | Environment | Default | Meaning |\n|---|---|---|---|\n");
      schema().settings().stream()
          .filter(setting -> setting.section().equals(section))
          .forEach(setting -> text.append(row(setting)));
      tablesOf(section).forEach(table -> text.append(described(table)));
    }
    return text.toString();
  }

  private static List<Table> tablesOf(String section) {
    return schema().tables().stream().filter(table -> table.section().equals(section)).toList();
  }

  private static String described(Table table) {
    return "\n## [%s]\n\n%s In the file only. Each key is %s, each value %s.\n"
        .formatted(table.path(), table.meaning(), table.expectation(), table.valueExpectation());
  }

  private static String row(Setting setting) {
    ConfigKeys.Key key = setting.key();
    return "| `"
        + key.name()
        + "` | `"
        + setting.environmentName()
        + "` | `"
        + literal(key, key.defaultValue())
        + "` | "
        + meaning(key)
        + " |\n";
  }

  private static String meaning(ConfigKeys.Key key) {
    String allowed =
        switch (key.type()) {
          case NUMBER -> " " + key.minimum() + " to " + key.maximum() + ".";
          case TEXT ->
              key.choices().isEmpty()
                  ? ""
                  : " One of `" + String.join("`, `", key.choices()) + "`.";
          case FLAG, DURATION, LIST -> "";
        };
    return key.meaning() + allowed + (key.secret() ? " Secret." : "");
  }

  private static String example() {
    var text =
        new StringBuilder(
            "# Every key of Spectacles Proxy at its default; see configuration.md.\n");
    String section = "";
    for (Setting setting : schema().settings()) {
      if (!setting.section().equals(section)) {
        tablesOf(section).forEach(table -> text.append(example(table)));
        section = setting.section();
        text.append("\n[").append(section).append("]\n");
      }
      ConfigKeys.Key key = setting.key();
      text.append("# ").append(key.meaning()).append('\n');
      text.append(key.name()).append(" = ").append(literal(key, key.defaultValue()));
      text.append(" # ").append(setting.environmentName()).append('\n');
    }
    tablesOf(section).forEach(table -> text.append(example(table)));
    return text.toString();
  }

  private static String example(Table table) {
    return "\n[%s]\n# %s\n# %s\n".formatted(table.path(), table.meaning(), table.example());
  }

  private static String toml(Setting setting, String value) {
    String section = setting.section().isEmpty() ? "" : "[" + setting.section() + "]\n";
    return section + setting.key().name() + " = " + literal(setting.key(), value) + "\n";
  }

  private static String literal(ConfigKeys.Key key, String value) {
    return switch (key.type()) {
      case TEXT, DURATION -> "\"" + value + "\"";
      case NUMBER, FLAG -> value;
      case LIST ->
          Stream.of(value.split(","))
              .filter(text -> !text.isEmpty())
              .map(text -> "\"" + text + "\"")
              .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
    };
  }

  private static String other(Setting setting) {
    ConfigKeys.Key key = setting.key();
    String special = OTHERS.get(setting.path());
    if (special != null) {
      return special;
    }
    return switch (key.type()) {
      case TEXT -> key.choices().isEmpty() ? "other" : key.choices().getLast();
      case NUMBER -> Long.toString(Math.min(key.maximum(), Long.parseLong(key.defaultValue()) + 1));
      case FLAG -> Boolean.toString(!Boolean.parseBoolean(key.defaultValue()));
      case DURATION -> "7s";
      case LIST -> "x,y";
    };
  }
}
