package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A guild while changes are made to it. What changes of a type is gathered, so that its arrays are
 * copied once, however much of it changes. Not thread-safe.
 */
final class GuildEdit {
  /** Types by whose ids a guild is looked up. */
  static final List<EntityType> INDEXED = List.of(EntityType.CHANNEL, EntityType.THREAD);

  private final EnumMap<EntityType, Shelf> shelves;
  private final Map<EntityType, SortedMap<Long, Optional<Body>>> changed =
      new EnumMap<>(EntityType.class);
  private final Map<Burial, Long> buried;
  private final Map<EntityType, Long> ends = new EnumMap<>(EntityType.class);
  private final Map<EntityType, Long> limits = new EnumMap<>(EntityType.class);
  private final long now;
  private boolean listed;
  private GuildState state;

  /** Edit at this time, by which some of the guild may be over; milliseconds since 1970. */
  GuildEdit(HeldGuild before, long now) {
    this.now = now;
    this.shelves = before.shelves().clone();
    this.ends.putAll(before.ends());
    before.over(now).forEach(this::clear);
    this.buried = new HashMap<>(before.buried());
    this.listed = before.listed();
    this.state = before.state();
  }

  void change(Change change) {
    switch (change) {
      case Change.Put(EntityType type, long id, Body json) -> {
        changed(type).put(id, Optional.of(json));
        listed = true;
      }
      case Change.Remove(EntityType type, long id) -> changed(type).put(id, Optional.empty());
      case Change.ReplaceAll(EntityType type, var entities) -> {
        clear(type);
        var all = new TreeMap<Long, Optional<Body>>();
        entities.forEach((id, json) -> all.put(id, Optional.of(json)));
        changed.put(type, all);
        listed = true;
      }
      case Change.Bury(Burial burial, long until) -> buried.put(burial, until);
      case Change.Unbury(Burial burial) -> buried.remove(burial);
      case Change.Limit(EntityType type, Duration life) -> limits.put(type, now + life.toMillis());
      case Change.Note(GuildState noted) -> {
        state = noted;
        listed = true;
      }
      case Change.Drop() -> {
        shelves.clear();
        changed.clear();
        ends.clear();
        limits.clear();
        buried.clear();
        state = GuildState.UNKNOWN;
        listed = false;
      }
    }
  }

  /** What came of it. */
  HeldGuild done() {
    changed.forEach(
        (type, entities) -> {
          Shelf shelf = shelves.getOrDefault(type, Shelf.EMPTY).with(entities);
          if (shelf.size() == 0) {
            shelves.remove(type);
          } else {
            shelves.put(type, shelf);
          }
        });
    limits.forEach((type, end) -> ends.merge(type, end, Math::min));
    ends.keySet().retainAll(shelves.keySet());
    return new HeldGuild(listed, state, Map.copyOf(buried), shelves, Map.copyOf(ends));
  }

  private void clear(EntityType type) {
    shelves.remove(type);
    ends.remove(type);
    limits.remove(type);
  }

  private SortedMap<Long, Optional<Body>> changed(EntityType type) {
    return changed.computeIfAbsent(type, none -> new TreeMap<>());
  }
}
