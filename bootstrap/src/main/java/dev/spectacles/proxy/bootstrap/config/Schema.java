package dev.spectacles.proxy.bootstrap.config;

import static dev.spectacles.proxy.adapter.spi.ConfigKeys.choice;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.duration;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.flag;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.number;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.secret;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.text;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreProvider;
import dev.spectacles.proxy.bootstrap.config.Setting.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every key of the configuration: ours, and the section of each broker type. */
final class Schema {
  static final String TOP = "";

  /** Leaves the choice of the store to the broker's type. */
  static final String AUTO = "auto";

  /** Sections that no broker type can have. */
  static final List<String> RESERVED =
      List.of("broker", "discord", "ratelimit", "gateway", "http", "metrics", "log", "cache");

  private static final List<String> LOG_LEVELS = List.of("trace", "debug", "info", "warn", "error");

  /** An array cannot hold more, nor can it quite hold as many. */
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final int MOST_PER_SECOND = 1_000_000;
  private static final String A_BOT_ID = "a bot's id, of 15 to 20 digits";
  private static final Pattern BOT_ID = Pattern.compile("[0-9]{15,20}");

  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final SequencedSet<String> sections = new LinkedHashSet<>();
  private final List<Table> tables = new ArrayList<>();

  Schema(String version, Plugins plugins) {
    top();
    broker(plugins.brokers());
    plugins.brokers().all().forEach(provider -> section(provider.type(), provider.keys()));
    plugins
        .stores()
        .all()
        .forEach(provider -> storeSection("limit store", provider.type(), provider.keys()));
    plugins
        .cacheStores()
        .all()
        .forEach(provider -> storeSection("cache store", provider.type(), provider.keys()));
    discord(version);
    ratelimit(plugins.stores());
    cache(plugins);
    gateway();
    HttpSection.all().forEach(this::add);
    metrics();
    log();
  }

  /** All keys, section by section. */
  List<Setting> settings() {
    return List.copyOf(settings.values());
  }

  Setting setting(String path) {
    return find(path)
        .orElseThrow(
            () -> new IllegalArgumentException("key: " + path + " (expected: a declared one)"));
  }

  Optional<Setting> find(String path) {
    return Optional.ofNullable(settings.get(path));
  }

  /** Sections that there are, without the top level. */
  SequencedSet<String> sections() {
    return sections;
  }

  /** Sections within sections, whose keys are not declared. */
  List<Table> tables() {
    return List.copyOf(tables);
  }

  List<String> keysOf(String section) {
    return settings.values().stream()
        .filter(setting -> setting.section().equals(section))
        .map(setting -> setting.key().name())
        .toList();
  }

  private void top() {
    add(
        TOP,
        duration(
            "timeout",
            "",
            "How long a request may take in all, the wait for rate limits included; empty for no"
                + " limit."),
        Rules.POSITIVE_OR_NONE);
    add(
        TOP,
        duration(
            "drain_timeout",
            "10s",
            "How long requests in flight may take to end when the proxy is told to stop; what is"
                + " left then goes to other instances."),
        Rule.NONE);
  }

  private void broker(Providers<BrokerProvider> brokers) {
    String section = "broker";
    add(
        section,
        choice(
            "type",
            "redis",
            List.copyOf(brokers.types()),
            "Kind of broker that carries the requests; its own settings are in the section of that"
                + " name."),
        Rule.NONE);
    add(
        section,
        text("group", "gateway", "Consumer group or exchange that the proxies share."),
        Rules.NOT_EMPTY,
        "AMQP_GROUP");
    add(
        section,
        text(
            "subgroup",
            "",
            "What tells the queues of this service from those of others in the same group, where"
                + " the broker is AMQP; empty for none."),
        Rule.NONE,
        "AMQP_SUBGROUP");
    add(
        section,
        text("event", "REQUEST", "Stream or routing key that carries the requests."),
        Rules.NOT_EMPTY,
        "AMQP_EVENT");
    add(
        section,
        duration(
            "max_age",
            "5min",
            "Requests older than this at their first delivery are refused with status 8 instead of"
                + " being sent; empty or 0s for no bound."),
        Rule.NONE);
    add(
        section,
        number("max_held", 10_000, 1, 10_000_000, "Most requests held at a time."),
        Rule.NONE);
    add(
        section,
        number(
            "max_held_bytes",
            64L << 20,
            1,
            Long.MAX_VALUE,
            "Most bytes of requests held at a time."),
        Rule.NONE);
    add(
        section,
        number(
            "max_bucket_share",
            25,
            1,
            100,
            "Percentage of max_held that the requests of one route and resource may take; requests"
                + " beyond it are refused with a 429 made by the proxy."),
        Rule.NONE);
    add(
        section,
        duration(
            "reply_patience",
            "5s",
            "How long an answer is offered to a caller who does not listen yet; 0s to offer it"
                + " once."),
        Rule.NONE);
  }

  private void discord(String version) {
    String section = "discord";
    add(
        section,
        text("api_url", "https://discord.com/api", "Root of the API, without its version."),
        Rules.API_URL);
    add(
        section,
        number("api_version", 10, 1, 999, "Version of the API; becomes /v10 in the URL."),
        Rule.NONE);
    add(
        section,
        duration("timeout", "15s", "How long a single exchange with Discord may take."),
        Rules.EXCHANGE);
    add(
        section,
        number(
            "max_response_bytes",
            32L << 20,
            1,
            LARGEST_ARRAY,
            "Largest body of an answer; a larger one becomes status 7."),
        Rule.NONE);
    add(
        section,
        text(
            "egress",
            "default",
            "Name of the address from which this instance reaches Discord; instances behind one"
                + " address share what Discord counts per address."),
        Rules.NAMED);
    add(
        section,
        text(
            "user_agent",
            "DiscordBot (https://github.com/spec-tacles/proxy, " + version + ")",
            "User-Agent of requests that bring none."),
        Rules.HEADER_VALUE);
    add(
        section,
        secret(
            "token",
            "",
            "Bot's token for requests over HTTP that bring no Authorization, where"
                + " http.default_token is true."),
        Rule.NONE);
  }

  private void ratelimit(Providers<RateLimitStoreProvider> stores) {
    String section = "ratelimit";
    add(
        section,
        number(
            "global",
            50,
            1,
            MOST_PER_SECOND,
            "Requests per second and bot that Discord permits over all routes."),
        Rule.NONE);
    add(
        section,
        duration(
            "max_wait",
            "",
            "How long a request waits for its turn rather than be refused with a 429 made by the"
                + " proxy, unless its X-Spectacles-Max-Wait says otherwise; empty for as long as"
                + " its deadline allows."),
        Rules.POSITIVE_OR_NONE);
    add(
        section,
        flag(
            "ordered_messages",
            true,
            "Whether messages to a channel are sent one at a time, so that users see them in the"
                + " order of publishing."),
        Rule.NONE);
    add(
        section,
        choice(
            "store",
            AUTO,
            Stream.concat(Stream.of(AUTO), stores.types().stream()).toList(),
            "Where the state of rate limits is kept; auto is the broker's server if that can keep"
                + " it, such as redis, and else local: in memory, of this instance alone."),
        Rule.NONE);
    add(
        section,
        choice(
            "degrade",
            "local",
            List.of("local", "fail"),
            "What to do while the store cannot be reached for more than a second: local to go on"
                + " with this instance's part of each limit, fail to answer with status 1."),
        Rule.NONE);
    add(
        section,
        number(
            "invalid_limit",
            10_000,
            0,
            10_000,
            "Invalid requests (401, 403, 429) per ten minutes after which Discord bans the address;"
                + " requests are refused before that, with a 429 made by the proxy. 0 to count"
                + " them only."),
        Rule.NONE);
    tables.add(
        new Table(
            section,
            "global_per_bot",
            id -> BOT_ID.matcher(id).matches() ? Optional.empty() : Optional.of(A_BOT_ID),
            A_BOT_ID,
            id ->
                number(
                    id,
                    1,
                    1,
                    MOST_PER_SECOND,
                    "Requests per second that Discord permits single bots over all routes, by their"
                        + " id; ratelimit.global holds for all others."),
            Rule.NONE,
            "\"175928847299117063\" = 500"));
  }

  private void cache(Plugins plugins) {
    CacheSections.all(plugins.cacheStores().types()).forEach(this::add);
    tables.add(CacheSections.ttl());
    GatewayCacheSection.all(plugins.entityStores()).forEach(this::add);
  }

  private void gateway() {
    String section = "gateway";
    add(
        section,
        flag(
            "serve_send",
            false,
            "Whether SEND events are published again under the shard of their guild, for workers"
                + " that do not know the number of shards."),
        Rule.NONE);
    add(
        section,
        number(
            "shard_count",
            0,
            0,
            1_000_000,
            "Number of the bot's shards; has to be given where gateway.serve_send is true."),
        Rule.NONE);
  }

  private void metrics() {
    add(
        "metrics",
        text(
            "addr",
            "",
            "Address on which metrics are served; empty for 0.0.0.0:3000 if metrics.path is set,"
                + " and for no metrics if both are empty."),
        value -> {
          if (!((String) value).isBlank()) {
            Rules.ADDRESS.check(value);
          }
        });
    add(
        "metrics",
        text(
            "path",
            "",
            "Path of the metrics, with or without leading slash; empty for metrics if metrics.addr"
                + " is set, and for no metrics if both are empty."),
        Rules.HTTP_PATH);
  }

  private void log() {
    add(
        "log",
        choice("level", "info", LOG_LEVELS, "Least important messages that are logged."),
        Rule.NONE);
    add(
        "log",
        choice(
            "format",
            "text",
            List.of("text", "json"),
            "Whether a message is a line of text, which the stack of an exception may follow, or a"
                + " line with one JSON object."),
        Rule.NONE);
  }

  /** A store may share its section with the broker, or another store, of the same name. */
  private void storeSection(String kind, String name, ConfigKeys keys) {
    List<ConfigKeys.Key> declared =
        settings.values().stream()
            .filter(setting -> setting.section().equals(name))
            .map(Setting::key)
            .toList();
    if (declared.isEmpty() && !keys.keys().isEmpty()) {
      section(name, keys);
    } else if (!declared.isEmpty() && !declared.equals(keys.keys())) {
      throw new ConfigException(
          List.of(
              Problem.general(
                  name
                      + ": "
                      + kind
                      + " and another plug-in of that name declare other keys (expected: the"
                      + " same)")));
    }
  }

  private void section(String name, ConfigKeys keys) {
    keys.keys().forEach(key -> add(name, key, Rule.NONE));
  }

  private void add(String section, ConfigKeys.Key key, Rule rule, String... aliases) {
    add(new Setting(section, key, List.of(aliases), rule, false));
  }

  private void add(Setting setting) {
    if (settings.putIfAbsent(setting.path(), setting) != null) {
      var path = setting.path();
      throw new ConfigException(
          List.of(Problem.general(path + ": declared twice (expected: once)")));
    }
    if (!setting.section().isEmpty()) {
      sections.add(setting.section());
    }
  }
}
