package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** What is known of a guild, as fields of a hash that any program can read. */
final class GuildFields {
  private static final String STATE = "state";
  private static final String SYNCED = "synced_ms";
  private static final String EVENT = "event_ms";
  private static final String MEMBERS = "members_complete";
  private static final String GUILD = "guild_complete";
  private static final String COUNT = "n_";
  private static final String YES = "1";

  private GuildFields() {}

  static SequencedMap<String, String> of(GuildState state) {
    var fields = new LinkedHashMap<String, String>();
    fields.put(STATE, state.standing().name().toLowerCase(Locale.ROOT));
    fields.put(SYNCED, Long.toString(state.syncedMillis()));
    fields.put(EVENT, Long.toString(state.eventMillis()));
    fields.put(MEMBERS, state.membersComplete() ? YES : "0");
    fields.put(GUILD, state.guildComplete() ? YES : "0");
    state.counts().forEach((type, count) -> fields.put(COUNT + type.key(), count.toString()));
    return fields;
  }

  /** The other way round; of a guild of which nothing was told, what is said of such. */
  static GuildState state(Map<String, String> fields) {
    String standing = fields.get(STATE);
    if (standing == null) {
      return GuildState.UNKNOWN;
    }
    var counts = new EnumMap<EntityType, Integer>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      String count = fields.get(COUNT + type.key());
      if (count != null) {
        counts.put(type, Integer.valueOf(count));
      }
    }
    return new GuildState(
        Standing.valueOf(standing.toUpperCase(Locale.ROOT)),
        Long.parseLong(fields.getOrDefault(SYNCED, "0")),
        Long.parseLong(fields.getOrDefault(EVENT, "0")),
        YES.equals(fields.get(MEMBERS)),
        YES.equals(fields.get(GUILD)),
        counts);
  }

  static String of(Burial burial) {
    return burial.type().key() + ":" + EntityKeys.id(burial.id());
  }

  static Map<Burial, Long> burials(Map<String, String> fields) {
    var burials = new HashMap<Burial, Long>();
    fields.forEach(
        (field, until) -> {
          int colon = field.indexOf(':');
          EntityType.ofKey(field.substring(0, colon))
              .map(type -> new Burial(type, EntityKeys.id(field.substring(colon + 1))))
              .ifPresent(burial -> burials.put(burial, Long.valueOf(until)));
        });
    return burials;
  }
}
