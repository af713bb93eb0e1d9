package dev.spectacles.proxy.bootstrap.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: defaults, over them the file, over it the environment, over that the
 * options of the command line.
 *
 * <p>A value that is overridden has to be right nevertheless.
 */
public final class ConfigLoader {
  /** File that is read from the working directory if none is named. */
  public static final String DEFAULT_FILE = "proxy.toml";

  private final Schema schema;
  private final Plugins plugins;
  private final Map<String, String> environment;
  private final Path directory;

  /**
   * Loader for one start.
   *
   * @param version of the proxy, which the default User-Agent bears
   * @param directory the caller's working directory
   */
  public ConfigLoader(
      String version, Plugins plugins, Map<String, String> environment, Path directory) {
    this.schema = new Schema(version, plugins);
    this.plugins = plugins;
    this.environment = Map.copyOf(environment);
    this.directory = directory;
  }

  /**
   * Value of an option of the command line that replaces a key's.
   *
   * @param option its name, such as {@code --embedded}
   */
  public record OptionValue(String path, String value, String option) {}

  /**
   * Configuration with {@value #DEFAULT_FILE} of the working directory, if there is one.
   *
   * @throws ConfigException with every mistake in it
   */
  public Config load(OptionValue... overrides) {
    Path file = directory.resolve(DEFAULT_FILE);
    return load(
        Files.notExists(file) ? TomlFile.absent(DEFAULT_FILE) : TomlFile.read(DEFAULT_FILE, file),
        List.of(overrides));
  }

  /**
   * Configuration with this file, which has to be there.
   *
   * @throws ConfigException with every mistake in it
   */
  public Config load(Path file, OptionValue... overrides) {
    return load(TomlFile.read(file.toString(), directory.resolve(file)), List.of(overrides));
  }

  /**
   * Configuration of these values alone, without a file.
   *
   * @throws ConfigException with every mistake in it
   */
  public Config loadOnly(List<OptionValue> values) {
    return load(TomlFile.absent(DEFAULT_FILE), values);
  }

  private Config load(TomlFile file, List<OptionValue> overrides) {
    var problems = new ArrayList<>(file.problems());
    overrides.forEach(value -> unknown(value).ifPresent(problems::add));
    problems.addAll(new UnknownKeys(schema, file).problems());
    var tables = new TableEntries(schema, file);
    problems.addAll(tables.problems());
    var values = new LinkedHashMap<String, Resolved>();
    for (Setting setting : inOrder(tables.settings())) {
      resolve(setting, file, overrides, problems).ifPresent(v -> values.put(setting.path(), v));
    }
    var builder = new ConfigBuilder(values, environment, plugins);
    judgeBroker(values, builder).ifPresent(problems::add);
    judgeCacheStore(values, builder)
        .filter(problem -> !problems.contains(problem))
        .ifPresent(problems::add);
    judgeGateway(values).ifPresent(problems::add);
    judgeFeed(values).ifPresent(problems::add);
    problems.addAll(HttpSection.judge(values));
    if (!problems.isEmpty()) {
      throw new ConfigException(Problem.sorted(problems));
    }
    try {
      return builder.build();
    } catch (BadValueException e) {
      throw new AssertionError("a value passed its rule and is refused: " + e.expectation(), e);
    }
  }

  private Optional<Problem> unknown(OptionValue value) {
    List<String> paths = schema.settings().stream().map(Setting::path).toList();
    return paths.contains(value.path())
        ? Optional.empty()
        : Optional.of(
            Problem.at(
                new Origin.Option(value.option()),
                value.path() + ": unknown key" + Suggestion.of(value.path(), paths)));
  }

  /** All keys, those of a table after those of the section around it. */
  private List<Setting> inOrder(List<Setting> entries) {
    var all = new ArrayList<Setting>();
    for (Setting setting : schema.settings()) {
      boolean newSection = !all.isEmpty() && !all.getLast().section().equals(setting.section());
      if (newSection) {
        all.addAll(within(all.getLast().section(), entries));
      }
      all.add(setting);
    }
    all.addAll(within(all.getLast().section(), entries));
    return all;
  }

  private List<Setting> within(String section, List<Setting> entries) {
    List<String> tables =
        schema.tables().stream()
            .filter(table -> table.section().equals(section))
            .map(Table::path)
            .toList();
    return entries.stream().filter(entry -> tables.contains(entry.section())).toList();
  }

  /** Who serves sends has to know the number of shards. */
  private static Optional<Problem> judgeGateway(Map<String, Resolved> values) {
    Resolved serve = values.get("gateway.serve_send");
    Resolved count = values.get("gateway.shard_count");
    if (serve == null || count == null || serve.value().equals(false)) {
      return Optional.empty();
    }
    return count.value().equals(0L)
        ? Optional.of(
            Problem.at(
                serve.origin(),
                "gateway.shard_count: 0 (expected: >= 1, as gateway.serve_send is true)"))
        : Optional.empty();
  }

  /** What the gateway tells can be kept only where the broker knows in which order it came. */
  private Optional<Problem> judgeFeed(Map<String, Resolved> values) {
    Resolved enabled = values.get(GatewayCacheSection.NAME + ".enabled");
    Resolved broker = values.get("broker.type");
    if (enabled == null || broker == null || enabled.value().equals(false)) {
      return Optional.empty();
    }
    List<String> able =
        plugins.brokers().all().stream()
            .filter(BrokerProvider::hasFeed)
            .map(BrokerProvider::type)
            .toList();
    return able.contains(String.valueOf(broker.value()))
        ? Optional.empty()
        : Optional.of(
            Problem.at(
                enabled.origin(),
                "cache.gateway.enabled: true with broker.type: %s (expected: false, or a broker of %s)"
                    .formatted(broker.value(), String.join(", ", able))));
  }

  /** What the chosen broker has against its section, if every value of it could be read. */
  private Optional<Problem> judgeBroker(Map<String, Resolved> values, ConfigBuilder builder) {
    Resolved type = values.get("broker.type");
    if (type == null || !isReadable(String.valueOf(type.value()), values)) {
      return Optional.empty();
    }
    String section = String.valueOf(type.value());
    var broker = plugins.brokers().ofType(section);
    return objection(
            () -> {
              broker.describe(builder.section(section));
              Optional<String> group = text(values, "broker.group");
              Optional<String> event = text(values, "broker.event");
              if (group.isPresent() && event.isPresent()) {
                Optional<String> subgroup =
                    text(values, "broker.subgroup").filter(name -> !name.isEmpty());
                broker.judge(group.get(), subgroup, event.get());
              }
            })
        .map(text -> problem(text, values));
  }

  /** The same for the chosen store of answers, if any are kept. */
  private Optional<Problem> judgeCacheStore(Map<String, Resolved> values, ConfigBuilder builder) {
    Resolved type = values.get("cache.rest.store");
    Resolved enabled = values.get("cache.rest.enabled");
    if (type == null
        || enabled == null
        || enabled.value().equals(false)
        || !values.containsKey(ConfigBuilder.CACHE_URL)
        || !isReadable(String.valueOf(type.value()), values)) {
      return Optional.empty();
    }
    String section = String.valueOf(type.value());
    var store = plugins.cacheStores().ofType(section);
    SectionValues settings = builder.cacheStoreSection(section);
    boolean ownUrl = settings.values().containsValue(values.get(ConfigBuilder.CACHE_URL));
    return objection(() -> store.describe(settings))
        .map(
            text ->
                ownUrl ? text.replaceFirst("^redis[.]url:", ConfigBuilder.CACHE_URL + ":") : text)
        .map(text -> problem(text, values));
  }

  private boolean isReadable(String section, Map<String, Resolved> values) {
    return schema.settings().stream()
        .filter(setting -> setting.section().equals(section))
        .allMatch(setting -> values.containsKey(setting.path()));
  }

  /** Only whether it can be said: who wants to know asks the provider. */
  private static Optional<String> objection(Runnable description) {
    try {
      description.run();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Value of a key, if it could be read. */
  private static Optional<String> text(Map<String, Resolved> values, String path) {
    return Optional.ofNullable(values.get(path)).map(resolved -> String.valueOf(resolved.value()));
  }

  private static Problem problem(String text, Map<String, Resolved> values) {
    Optional<Origin> origin =
        values.values().stream()
            .filter(value -> text.startsWith(value.setting().path() + ":"))
            .map(Resolved::origin)
            .findFirst();
    return new Problem(origin, text);
  }

  /** The value that wins; every other one that is set is checked on the way. */
  private Optional<Resolved> resolve(
      Setting setting, TomlFile file, List<OptionValue> overrides, List<Problem> problems) {
    var values = new ArrayList<Optional<Resolved>>();
    JsonNode node = file.at(setting.names());
    if (!node.isMissingNode()) {
      values.add(fileValue(setting, node, file, problems));
    }
    for (String variable : variables(setting)) {
      String text = environment.get(variable);
      if (text != null) {
        values.add(text(setting, text, new Origin.Environment(variable), problems));
      }
    }
    for (OptionValue override : overrides) {
      if (override.path().equals(setting.path())) {
        var origin = new Origin.Option(override.option());
        values.add(text(setting, override.value(), origin, problems));
      }
    }
    if (values.isEmpty()) {
      values.add(text(setting, setting.key().defaultValue(), new Origin.Default(), problems));
    }
    return values.getLast();
  }

  /** Older names first: the last one that is set wins. */
  private static List<String> variables(Setting setting) {
    if (setting.ofTheFileOnly()) {
      return List.of();
    }
    var names = new ArrayList<>(setting.aliases());
    names.add(setting.environmentName());
    return names;
  }

  private static Optional<Resolved> fileValue(
      Setting setting, JsonNode node, TomlFile file, List<Problem> problems) {
    ConfigKeys.Key key = setting.key();
    Origin.File origin = file.origin(setting.names());
    try {
      Object value = Values.ofFile(setting, node);
      String text =
          value instanceof List<?> texts
              ? String.join(",", texts.stream().map(String::valueOf).toList())
              : node.asText();
      return Optional.of(new Resolved(setting, value, text, origin));
    } catch (BadValueException e) {
      String shown =
          node.isTextual()
              ? Masking.quote(key, node.asText())
              : node.isValueNode() ? Masking.show(key, node.asText()) : kind(node);
      problems.add(problem(origin, setting, shown, e));
      return Optional.empty();
    }
  }

  private static Optional<Resolved> text(
      Setting setting, String text, Origin origin, List<Problem> problems) {
    try {
      return Optional.of(new Resolved(setting, Values.ofText(setting, text), text, origin));
    } catch (BadValueException e) {
      problems.add(problem(origin, setting, Masking.quote(setting.key(), text), e));
      return Optional.empty();
    }
  }

  private static Problem problem(
      Origin origin, Setting setting, String shown, BadValueException e) {
    return Problem.at(
        origin, setting.path() + ": " + shown + " (expected: " + e.expectation() + ")");
  }

  private static String kind(JsonNode node) {
    return node.isObject() ? "a section" : "a list";
  }
}
