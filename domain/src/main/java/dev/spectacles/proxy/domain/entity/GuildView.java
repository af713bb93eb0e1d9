package dev.spectacles.proxy.domain.entity;

import java.util.Optional;
import java.util.SortedMap;

/**
 * A guild while events are applied to it: what is kept, with what was changed so far. One thread at
 * a time; only what an {@link Effect} says that it needs can be looked at.
 */
public interface GuildView {
  /** How much is known; counts follow what is put and removed by themselves. */
  GuildState state();

  /** Such an entity. */
  Optional<JsonObject> get(EntityType type, long id);

  /** All of a type, by ascending id. */
  SortedMap<Long, JsonObject> all(EntityType type);

  /** Whether it was deleted a short while ago, so that what comes late must not bring it back. */
  boolean isBuried(EntityType type, long id);

  /** Keeps an entity in place of what was there. */
  void put(EntityType type, long id, JsonObject entity);

  /** Removes an entity, if it is there. */
  void remove(EntityType type, long id);

  /** Keeps exactly these of a type. */
  void replaceAll(EntityType type, SortedMap<Long, JsonObject> entities);

  /** Keeps in mind that an entity was deleted, until then; milliseconds since 1970. */
  void bury(EntityType type, long id, long untilMillis);

  /** Keeps how much is known; the counts in it are ignored. */
  void note(GuildState state);

  /** Removes all that is kept of the guild. */
  void drop();
}
