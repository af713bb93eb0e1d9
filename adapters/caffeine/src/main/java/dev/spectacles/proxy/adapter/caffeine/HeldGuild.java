package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All that is kept of a guild at one moment. Immutable: a change makes another one, so that a
 * reader sees all of it or nothing.
 *
 * @param listed whether anything but burials was told
 * @param buried up to which time no event brings each deleted entity back; milliseconds since 1970
 * @param shelves entities of those types that there are any of
 * @param ends when all of a type are over, where they are some time; milliseconds since 1970
 */
record HeldGuild(
    boolean listed,
    GuildState state,
    Map<Burial, Long> buried,
    EnumMap<EntityType, Shelf> shelves,
    Map<EntityType, Long> ends) {
  static final HeldGuild NONE =
      new HeldGuild(false, GuildState.UNKNOWN, Map.of(), new EnumMap<>(EntityType.class), Map.of());

  /** The guild's entry, its state and its table of shelves, as measured on a 64-bit JVM. */
  private static final int OVERHEAD = 700;

  private static final int PER_SHELF = 80;

  /** Header and padding of the JSON's array, reference, id. */
  private static final int PER_ENTITY = 32;

  /** Entry of the index of channels. */
  private static final int PER_CHANNEL = 64;

  private static final int PER_BURIAL = 80;

  Shelf shelf(EntityType type) {
    return shelves.getOrDefault(type, Shelf.EMPTY);
  }

  /** What there is at this time; milliseconds since 1970. */
  Shelf shelf(EntityType type, long now) {
    Long end = ends.get(type);
    return end == null || end > now ? shelf(type) : Shelf.EMPTY;
  }

  /** Types that are over at this time; milliseconds since 1970. */
  List<EntityType> over(long now) {
    return ends.entrySet().stream()
        .filter(end -> end.getValue() <= now)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether nothing at all is kept. */
  boolean isNothing() {
    return !listed && buried.isEmpty();
  }

  /** Bytes that it takes, with what is around it. */
  long weight() {
    if (isNothing()) {
      return 0;
    }
    long weight = OVERHEAD + (long) PER_BURIAL * buried.size();
    for (Shelf shelf : shelves.values()) {
      weight += PER_SHELF + shelf.bytes() + (long) PER_ENTITY * shelf.size();
    }
    for (EntityType type : GuildEdit.INDEXED) {
      weight += (long) PER_CHANNEL * shelf(type).size();
    }
    return weight;
  }
}
