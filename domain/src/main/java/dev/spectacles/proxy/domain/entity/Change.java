package dev.spectacles.proxy.domain.entity;

import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.SortedMap;

/** What becomes of a guild in the store. */
public sealed interface Change {
  /** Keeps an entity in place of what was there, as JSON in UTF-8. */
  record Put(EntityType type, long id, Body json) implements Change {}

  /** Removes an entity, if it is there. */
  record Remove(EntityType type, long id) implements Change {}

  /** Keeps exactly these of a type. */
  record ReplaceAll(EntityType type, SortedMap<Long, Body> entities) implements Change {}

  /**
   * Keeps in mind that an entity was deleted: no event of before then brings it back, however late
   * it comes; milliseconds since 1970.
   */
  record Bury(Burial burial, long untilMillis) implements Change {}

  /** Forgets that an entity was deleted, as no event of before then can come any more. */
  record Unbury(Burial burial) implements Change {}

  /**
   * Has all of a type removed so long after the first of them was put where there were none, or
   * after they were replaced; without a word, by the store's clock, and whether or not anybody runs
   * then.
   */
  record Limit(EntityType type, Duration life) implements Change {}

  /** Keeps how much is known. */
  record Note(GuildState state) implements Change {}

  /** Removes all that is kept of the guild, burials too. */
  record Drop() implements Change {}
}
