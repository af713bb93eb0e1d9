package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.request.Body;
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
  private boolean listed;
  private GuildState state;

  GuildEdit(HeldGuild before) {
    this.shelves = before.shelves().clone();
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
        shelves.remove(type);
        var all = new TreeMap<Long, Optional<Body>>();
        entities.forEach((id, json) -> all.put(id, Optional.of(json)));
        changed.put(type, all);
        listed = true;
      }
      case Change.Bury(Burial burial, long until) -> buried.put(burial, until);
      case Change.Unbury(Burial burial) -> buried.remove(burial);
      case Change.Note(GuildState noted) -> {
        state = noted;
        listed = true;
      }
      case Change.Drop() -> {
        shelves.clear();
        changed.clear();
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
    return new HeldGuild(listed, state, Map.copyOf(buried), shelves);
  }

  private SortedMap<Long, Optional<Body>> changed(EntityType type) {
    return changed.computeIfAbsent(type, none -> new TreeMap<>());
  }
}
