package dev.spectacles.proxy.domain.entity.answer;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was looked up of a guild.
 *
 * @param guild snowflake
 * @param self the bot's user id
 * @param entities of each type that was looked at, by ascending id
 */
public record Known(
    long guild,
    long self,
    GuildState state,
    Map<EntityType, SortedMap<Long, JsonObject>> entities) {
  public Known {
    requireNonNull(state, "state");
    entities = Map.copyOf(entities);
  }

  Optional<JsonObject> get(EntityType type, long id) {
    return Optional.ofNullable(all(type).get(id));
  }

  /** All of a type; empty if some were lost. */
  Optional<List<JsonObject>> complete(EntityType type) {
    SortedMap<Long, JsonObject> all = all(type);
    return all.size() == state.count(type)
        ? Optional.of(List.copyOf(all.values()))
        : Optional.empty();
  }

  private SortedMap<Long, JsonObject> all(EntityType type) {
    @Nullable SortedMap<Long, JsonObject> all = entities.get(type);
    return all == null ? Collections.emptySortedMap() : all;
  }
}
