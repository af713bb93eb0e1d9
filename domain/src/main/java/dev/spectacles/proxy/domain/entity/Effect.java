package dev.spectacles.proxy.domain.entity;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What an event changes. */
public sealed interface Effect {
  /** Nothing that is kept. */
  record None() implements Effect {}

  /**
   * Changes a guild.
   *
   * @param guild snowflake
   * @param entities what has to be looked at
   * @param types what has to be looked at as a whole
   * @param change the change itself; the same event twice leaves the same behind as once
   */
  record OnGuild(
      long guild, Set<EntityKey> entities, Set<EntityType> types, Consumer<GuildView> change)
      implements Effect {
    public OnGuild {
      entities = Set.copyOf(entities);
      types = Set.copyOf(types);
    }
  }

  /**
   * A shard of the bot begins anew: guilds of it that are not listed are none of the bot's any
   * more, those that are listed are unavailable until they are told again.
   *
   * @param app application id
   * @param self the bot's own user
   * @param userId of the bot
   * @param shard number of the shard
   * @param shards how many there are
   * @param guilds that the shard has
   */
  record Ready(String app, JsonObject self, long userId, int shard, int shards, List<Long> guilds)
      implements Effect {
    public Ready {
      guilds = List.copyOf(guilds);
    }
  }

  /** The bot's own user changed: members that the event has, in place of those that were kept. */
  record OnSelf(JsonObject changed) implements Effect {}
}
