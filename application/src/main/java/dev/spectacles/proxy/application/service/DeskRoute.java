package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.cache.PathTable;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.answer.Snowflakes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is asked for below {@code /@cache} of what the gateway told.
 *
 * @param type of the entities, where that is part of the path
 * @param guild snowflake; 0 if the path has none
 * @param id snowflake; 0 if the path has none
 */
record DeskRoute(What what, Optional<EntityType> type, long guild, long id) {
  /** Kinds of what is asked for. */
  enum What {
    STATS,
    GUILDS,
    GUILD,
    ENTITIES,
    ENTITY,
    CHANNEL,
    USER,
    BATCH,
    PERMISSIONS
  }

  private record Target(What what, Optional<EntityType> type) {}

  private static final Map<String, EntityType> TYPES =
      Map.ofEntries(
          Map.entry("channels", EntityType.CHANNEL),
          Map.entry("threads", EntityType.THREAD),
          Map.entry("roles", EntityType.ROLE),
          Map.entry("emojis", EntityType.EMOJI),
          Map.entry("stickers", EntityType.STICKER),
          Map.entry("sounds", EntityType.SOUND),
          Map.entry("events", EntityType.EVENT),
          Map.entry("stages", EntityType.STAGE),
          Map.entry("voice-states", EntityType.VOICE),
          Map.entry("members", EntityType.MEMBER),
          Map.entry("presences", EntityType.PRESENCE));

  private static final PathTable<Target> TABLE = table();

  private static PathTable<Target> table() {
    var targets = new HashMap<String, Target>();
    targets.put("/@cache/stats", new Target(What.STATS, Optional.empty()));
    targets.put("/@cache/guilds", new Target(What.GUILDS, Optional.empty()));
    targets.put("/@cache/guilds/{guild_id}", new Target(What.GUILD, Optional.empty()));
    targets.put(
        "/@cache/guilds/{guild_id}/permissions/{id}",
        new Target(What.PERMISSIONS, Optional.empty()));
    targets.put("/@cache/channels/{id}", new Target(What.CHANNEL, Optional.empty()));
    targets.put("/@cache/users/{id}", new Target(What.USER, Optional.empty()));
    targets.put("/@cache/batch", new Target(What.BATCH, Optional.empty()));
    TYPES.forEach(
        (name, type) -> {
          String list = "/@cache/guilds/{guild_id}/" + name;
          targets.put(list, new Target(What.ENTITIES, Optional.of(type)));
          targets.put(list + "/{id}", new Target(What.ENTITY, Optional.of(type)));
        });
    return new PathTable<>(targets);
  }

  /** What the path of these segments asks for. */
  static Optional<DeskRoute> of(List<String> segments) {
    Optional<PathTable.Found<Target>> found = TABLE.find(segments);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong guild = id(found.get(), "guild_id");
    OptionalLong id = id(found.get(), "id");
    Target target = found.get().value();
    return guild.isEmpty() || id.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DeskRoute(target.what(), target.type(), guild.getAsLong(), id.getAsLong()));
  }

  /** Type of this name, as paths and keys have it. */
  static Optional<EntityType> type(String name) {
    Optional<EntityType> byPath = Optional.ofNullable(TYPES.get(name));
    return byPath.isPresent() ? byPath : EntityType.ofKey(name);
  }

  private static OptionalLong id(PathTable.Found<Target> found, String name) {
    return Snowflakes.parse(found.parameters().getOrDefault(name, "0"));
  }
}
