package dev.spectacles.proxy.bootstrap.config;

import static dev.spectacles.proxy.adapter.spi.ConfigKeys.choice;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.duration;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.flag;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.list;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.number;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.text;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.bootstrap.config.Setting.Rule;
import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Declarations of the section {@code cache.gateway}. */
final class GatewayCacheSection {
  static final String NAME = "cache.gateway";

  private static final String DEFAULT_TYPES =
      Arrays.stream(EntityType.values())
          .filter(EntityType::isKeptByDefault)
          .map(EntityType::key)
          .collect(Collectors.joining(","));

  private static final Pattern APP = Pattern.compile("([0-9]{15,20})?");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9:._-]{0,64}");

  private static final Rule TYPES = value -> types((List<?>) value);

  private static final Rule AN_APP =
      value -> {
        if (!APP.matcher((String) value).matches()) {
          throw new BadValueException("an application's id, of 15 to 20 digits, or none");
        }
      };

  private static final Rule A_PREFIX =
      value -> {
        if (!PREFIX.matcher((String) value).matches()) {
          throw new BadValueException("up to 64 letters, digits and any of : . _ -");
        }
      };

  private GatewayCacheSection() {}

  /**
   * All keys.
   *
   * @param stores types that keep what the gateway tells
   */
  static List<Setting> all(Collection<String> stores) {
    return List.of(
        setting(
            flag(
                "enabled",
                false,
                "Whether the events that a gateway publishes are read, and what they tell is"
                    + " kept."),
            Rule.NONE),
        setting(
            choice(
                "store",
                Schema.AUTO,
                Stream.concat(Stream.of(Schema.AUTO), stores.stream()).toList(),
                "Where it is kept; auto is the broker's server if that can keep it, such as redis,"
                    + " where workers can read it too, and else memory: of each instance alone."),
            Rule.NONE),
        setting(
            text("app", "", "Id of the bot's application; empty for the one that its READY tells."),
            AN_APP),
        setting(
            text(
                "prefix",
                "",
                "What stands before the names of the events on the broker, where gateways of"
                    + " several bots share it, such as \"mybot:\"."),
            A_PREFIX),
        setting(
            list(
                "types",
                DEFAULT_TYPES,
                "What is kept; besides these there are members, presences, automod and"
                    + " integrations."),
            TYPES),
        setting(
            flag(
                "messages",
                false,
                "Whether the gateway publishes messages (MESSAGE_CREATE and others): they are not"
                    + " kept, but tell the last_message_id of channels, and that answers about"
                    + " messages are out of date."),
            Rule.NONE),
        setting(
            duration(
                "ttl",
                "24h",
                "How long members and presences are kept at most, where they are, after a guild's"
                    + " were told as a whole or the first of them was; then they are asked of"
                    + " Discord."),
            Rules.PERSONAL),
        setting(
            choice(
                "answer",
                "fallback",
                List.of("off", "fallback", "prefer"),
                "When GETs are answered from it: off for never, fallback for when the rate limit"
                    + " would hold them up or Discord fails, prefer for always where it says the"
                    + " same as Discord."),
            Rule.NONE),
        setting(
            flag(
                "relaxed",
                false,
                "Whether prefer also answers where a few fields are known to differ from"
                    + " Discord's answer."),
            Rule.NONE),
        setting(
            duration(
                "max_lag",
                "5s",
                "How far behind the events it may be for GETs to be answered from it."),
            Rules.LAG),
        setting(
            number(
                "max_bytes",
                256L << 20,
                1,
                Long.MAX_VALUE,
                "Most bytes in memory; guilds beyond it are not kept, and none is dropped for"
                    + " another."),
            Rule.NONE));
  }

  /** The types that these names say; a guild is always among them. */
  static Set<EntityType> types(List<?> names) throws BadValueException {
    var types = EnumSet.of(EntityType.GUILD);
    for (Object name : names) {
      types.add(
          EntityType.ofKey(String.valueOf(name))
              .orElseThrow(
                  () ->
                      new BadValueException(
                          "any of "
                              + Arrays.stream(EntityType.values())
                                  .map(EntityType::key)
                                  .collect(Collectors.joining(", ")))));
    }
    return types;
  }

  private static Setting setting(ConfigKeys.Key key, Rule rule) {
    return new Setting(NAME, key, List.of(), rule, false);
  }
}
