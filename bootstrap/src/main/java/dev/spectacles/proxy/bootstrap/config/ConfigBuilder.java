package dev.spectacles.proxy.bootstrap.config;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.spectacles.proxy.application.service.AnswerMode;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns checked values into the records of {@link Config}. */
final class ConfigBuilder {
  static final String CACHE_URL = "cache.rest.redis_url";
  private static final String DEFAULT_ADDRESS = "0.0.0.0:3000";
  private static final String DEFAULT_PATH = "metrics";

  /** Variables of the original proxy's older form that only its AMQP broker read. */
  private static final List<String> AMQP_ONLY = List.of("AMQP_URL", "AMQP_SUBGROUP");

  private final Map<String, Resolved> values;
  private final Map<String, String> environment;
  private final Plugins plugins;

  ConfigBuilder(Map<String, Resolved> values, Map<String, String> environment, Plugins plugins) {
    this.values = values;
    this.environment = environment;
    this.plugins = plugins;
  }

  Config build() throws BadValueException {
    var top = section(Schema.TOP);
    var log = section("log");
    return new Config(
        top.duration("timeout"),
        top.duration("drain_timeout").orElse(Duration.ZERO),
        broker(),
        discord(),
        rateLimit(),
        cache(),
        gateway(),
        HttpSection.build(section(HttpSection.NAME), section("discord").text("token")),
        metrics(),
        log.text("level").orElseThrow(),
        Config.LogFormat.valueOf(log.text("format").orElseThrow().toUpperCase(Locale.ROOT)),
        values.values().stream().map(Resolved::effective).toList(),
        notes());
  }

  private Config.Broker broker() {
    var broker = section("broker");
    String type = broker.text("type").orElseThrow();
    return new Config.Broker(
        type,
        broker.text("group").orElseThrow(),
        broker.text("subgroup"),
        broker.text("event").orElseThrow(),
        broker.duration("max_age").filter(Duration::isPositive),
        (int) broker.number("max_held"),
        broker.number("max_held_bytes"),
        (int) broker.number("max_bucket_share"),
        broker.duration("reply_patience").orElse(Duration.ZERO),
        section(type));
  }

  private Config.Discord discord() throws BadValueException {
    var discord = section("discord");
    return new Config.Discord(
        Rules.apiUrl(discord.text("api_url").orElseThrow()),
        (int) discord.number("api_version"),
        discord.duration("timeout").orElseThrow(),
        (int) discord.number("max_response_bytes"),
        discord.text("egress").orElseThrow(),
        discord.text("user_agent").orElseThrow());
  }

  private Config.RateLimit rateLimit() {
    var limits = section("ratelimit");
    String store = store(limits.text("store").orElseThrow());
    return new Config.RateLimit(
        new GlobalLimits((int) limits.number("global"), numbers("ratelimit.global_per_bot")),
        limits.duration("max_wait"),
        limits.flag("ordered_messages"),
        store,
        section(store),
        limits.text("degrade").orElseThrow().equals("local"),
        (int) limits.number("invalid_limit"));
  }

  /** The broker's server keeps the limits too, where it can. */
  private String store(String chosen) {
    String broker = section("broker").text("type").orElseThrow();
    if (!chosen.equals(Schema.AUTO)) {
      return chosen;
    }
    return plugins.stores().types().contains(broker) ? broker : "local";
  }

  private Config.Cache cache() throws BadValueException {
    var rest = section(CacheSections.REST);
    SectionValues ttl = section(CacheSections.REST + ".ttl");
    String store = rest.text("store").orElseThrow();
    return new Config.Cache(
        section(CacheSections.SECTION).text("secret"),
        new Config.Cache.Rest(
            rest.flag("enabled"),
            store,
            cacheStoreSection(store),
            rest.number("max_bytes"),
            (int) rest.number("max_entry_bytes"),
            rest.flag("strict"),
            rest.flag("negative_403"),
            rest.duration("stale_while_limited").orElse(Duration.ZERO),
            rest.duration("stale_if_error").orElse(Duration.ZERO),
            rest.duration("lookup_timeout").orElseThrow(),
            rest.duration("settle").orElse(Duration.ZERO),
            ttl.values().keySet().stream()
                .collect(toUnmodifiableMap(key -> key, key -> ttl.duration(key).orElseThrow()))),
        fromGateway());
  }

  private Optional<Config.Cache.FromGateway> fromGateway() throws BadValueException {
    var gateway = section(GatewayCacheSection.NAME);
    if (!gateway.flag("enabled")) {
      return Optional.empty();
    }
    String store = entityStore(gateway.text("store").orElseThrow());
    return Optional.of(
        new Config.Cache.FromGateway(
            store,
            section(store),
            gateway.text("app"),
            gateway.text("prefix").orElse(""),
            GatewayCacheSection.types(gateway.list("types")),
            gateway.flag("messages"),
            gateway.duration("ttl").orElseThrow(),
            AnswerMode.valueOf(gateway.text("answer").orElseThrow().toUpperCase(Locale.ROOT)),
            gateway.flag("relaxed"),
            gateway.duration("max_lag").orElseThrow(),
            gateway.number("max_bytes")));
  }

  /** The broker's server keeps what the gateway tells too, where it can. */
  private String entityStore(String chosen) {
    String broker = section("broker").text("type").orElseThrow();
    if (!chosen.equals(Schema.AUTO)) {
      return chosen;
    }
    return plugins.entityStores().contains(broker) ? broker : "memory";
  }

  /** Section of a store of answers; one in Redis may have a server of its own. */
  SectionValues cacheStoreSection(String store) {
    SectionValues own = section(store);
    Optional<Resolved> url =
        Optional.ofNullable(values.get(CACHE_URL)).filter(it -> !it.text().isEmpty());
    if (url.isEmpty() || !store.equals("redis")) {
      return own;
    }
    var replaced = new HashMap<>(own.values());
    replaced.put("url", url.get());
    return new SectionValues(own.name(), replaced);
  }

  private Optional<Config.Gateway> gateway() {
    var gateway = section("gateway");
    return gateway.flag("serve_send")
        ? Optional.of(new Config.Gateway((int) gateway.number("shard_count")))
        : Optional.empty();
  }

  private Optional<Config.Metrics> metrics() throws BadValueException {
    var metrics = section("metrics");
    Optional<String> address = metrics.text("addr").filter(text -> !text.isBlank());
    Optional<String> path = metrics.text("path");
    if (address.isEmpty() && path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Config.Metrics(
            ListenAddress.parse(address.orElse(DEFAULT_ADDRESS)),
            "/" + path.orElse(DEFAULT_PATH).replaceAll("^/+", "")));
  }

  /** What was set by somebody who probably expects it to have an effect. */
  private List<String> notes() throws BadValueException {
    String type = section("broker").text("type").orElseThrow();
    Config.Cache.Rest rest = cache().rest();
    Optional<Config.Cache.FromGateway> fromGateway = fromGateway();
    var notes = new ArrayList<String>();
    for (Resolved value : values.values()) {
      String section = value.setting().section();
      boolean used =
          section.equals(type)
              || section.equals(rateLimit().store())
              || (rest.enabled() && section.equals(rest.store()))
              || fromGateway.filter(it -> section.equals(it.store())).isPresent();
      String what = value.setting().path() + " (" + value.origin() + ")";
      if (used || value.isDefault()) {
        continue;
      }
      if (plugins.brokers().types().contains(section)) {
        notes.add(note(what, "broker.type", section, type));
      } else if (plugins.cacheStores().types().contains(section)) {
        notes.add(note(what, "cache.rest.store", section, rest.store()));
      }
    }
    Optional.ofNullable(values.get("discord.egress"))
        .filter(egress -> !egress.isDefault() && rateLimit().store().equals("local"))
        .ifPresent(
            egress ->
                notes.add(
                    "discord.egress ("
                        + egress.origin()
                        + ") has no effect: ratelimit.store is local, which shares nothing with"
                        + " other instances"));
    Optional.ofNullable(values.get(CACHE_URL))
        .filter(url -> !url.isDefault() && !rest.store().equals("redis"))
        .ifPresent(
            url ->
                notes.add(
                    note(
                        CACHE_URL + " (" + url.origin() + ")",
                        "cache.rest.store",
                        "redis",
                        rest.store())));
    Optional.ofNullable(values.get("gateway.shard_count"))
        .filter(count -> !count.isDefault() && gateway().isEmpty())
        .ifPresent(
            count ->
                notes.add(
                    "gateway.shard_count ("
                        + count.origin()
                        + ") has no effect: gateway.serve_send is false"));
    notes.addAll(HttpSection.notes(values));
    if (!type.equals("amqp")) {
      boolean told = values.containsKey("amqp.url");
      AMQP_ONLY.stream()
          .filter(environment::containsKey)
          .filter(variable -> !(told && variable.equals("AMQP_URL")))
          .forEach(variable -> notes.add(note(variable, "broker.type", "amqp", type)));
    }
    return notes;
  }

  private static String note(String what, String choice, String concerned, String chosen) {
    return "%s has no effect: it concerns %s = %s, and %s is %s"
        .formatted(what, choice, concerned, choice, chosen);
  }

  private Map<String, Integer> numbers(String table) {
    SectionValues entries = section(table);
    return entries.values().keySet().stream()
        .collect(toUnmodifiableMap(key -> key, key -> (int) entries.number(key)));
  }

  /** Values of one section. */
  SectionValues section(String name) {
    var keys = new HashMap<String, Resolved>();
    for (Resolved value : values.values()) {
      if (value.setting().section().equals(name)) {
        keys.put(value.setting().key().name(), value);
      }
    }
    return new SectionValues(name, keys);
  }
}
