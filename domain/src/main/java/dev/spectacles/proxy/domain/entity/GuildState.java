package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much is known of a guild, and since when.
 *
 * @param standing whether what is kept may be relied on
 * @param syncedMillis when all of it was told last; milliseconds since 1970, 0 if never
 * @param eventMillis when anything of it was told last; milliseconds since 1970
 * @param membersComplete whether every member is known
 * @param guildComplete whether fields of the guild that only REST and {@code GUILD_UPDATE} have are
 *     known
 * @param counts how many there are of each type; a list with fewer has lost some
 */
public record GuildState(
    Standing standing,
    long syncedMillis,
    long eventMillis,
    boolean membersComplete,
    boolean guildComplete,
    Map<EntityType, Integer> counts) {
  /** Whether what is kept may be relied on. */
  public enum Standing {
    /** Up to date. */
    AVAILABLE,
    /** Discord has an outage, or has not sent it yet: what is kept is from before. */
    UNAVAILABLE,
    /** Events may have been missed. */
    STALE
  }

  /** Nothing is known. */
  public static final GuildState UNKNOWN =
      new GuildState(Standing.STALE, 0, 0, false, false, Map.of());

  public GuildState {
    requireNonNull(standing, "standing");
    var copy = new EnumMap<EntityType, Integer>(EntityType.class);
    copy.putAll(counts);
    counts = Collections.unmodifiableMap(copy);
  }

  /** How many there are of a type. */
  public int count(EntityType type) {
    return counts.getOrDefault(type, 0);
  }

  /** The same with another standing. */
  public GuildState with(Standing other) {
    return new GuildState(other, syncedMillis, eventMillis, membersComplete, guildComplete, counts);
  }

  /** The same with this many of a type. */
  public GuildState with(EntityType type, int count) {
    var changed = new EnumMap<EntityType, Integer>(EntityType.class);
    changed.putAll(counts);
    changed.put(type, count);
    return new GuildState(
        standing, syncedMillis, eventMillis, membersComplete, guildComplete, changed);
  }

  /** The same, told of at this time; never goes back. */
  public GuildState at(long millis) {
    return new GuildState(
        standing,
        syncedMillis,
        Math.max(eventMillis, millis),
        membersComplete,
        guildComplete,
        counts);
  }
}
