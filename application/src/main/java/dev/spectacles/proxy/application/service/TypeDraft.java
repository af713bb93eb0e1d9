package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entities of one type of a guild, as they become by the events of a batch. Not thread-safe. */
final class TypeDraft {
  /** What is there of one entity. */
  private static final class Slot {
    private @Nullable Body stored;
    private @Nullable JsonObject entity;
    private boolean changed;

    boolean isThere() {
      return stored != null || entity != null;
    }
  }

  private final JsonReader reader;
  private final SortedMap<Long, Slot> slots = new TreeMap<>();

  /** Whether what has no slot is not there. */
  private boolean whole;

  private boolean replaced;

  TypeDraft(JsonReader reader, boolean whole) {
    this.reader = reader;
    this.whole = whole;
  }

  void read(long id, Optional<Body> stored) {
    if (!whole) {
      var slot = new Slot();
      slot.stored = stored.orElse(null);
      slots.putIfAbsent(id, slot);
    }
  }

  void readAll(SortedMap<Long, Body> stored) {
    stored.forEach((id, json) -> read(id, Optional.of(json)));
    whole = true;
  }

  Optional<JsonObject> get(long id) {
    return entity(slot(id));
  }

  SortedMap<Long, JsonObject> all() {
    if (!whole) {
      throw new IllegalStateException("entities were not read as a whole");
    }
    var all = new TreeMap<Long, JsonObject>();
    slots.forEach((id, slot) -> entity(slot).ifPresent(entity -> all.put(id, entity)));
    return all;
  }

  /** Returns whether there was none. */
  boolean put(long id, JsonObject entity) {
    Slot slot = slot(id);
    boolean isNew = !slot.isThere();
    slot.entity = entity;
    slot.stored = null;
    slot.changed = true;
    return isNew;
  }

  /** Returns whether there was one. */
  boolean remove(long id) {
    Slot slot = slot(id);
    boolean was = slot.isThere();
    slot.entity = null;
    slot.stored = null;
    slot.changed |= was;
    return was;
  }

  void replaceAll(SortedMap<Long, JsonObject> entities) {
    slots.clear();
    whole = true;
    replaced = true;
    entities.forEach(this::put);
  }

  void addChanges(EntityType type, List<Change> changes) {
    if (replaced) {
      var all = new TreeMap<Long, Body>();
      slots.forEach((id, slot) -> written(slot).ifPresent(json -> all.put(id, json)));
      changes.add(new Change.ReplaceAll(type, all));
      return;
    }
    slots.forEach(
        (id, slot) -> {
          if (slot.changed) {
            changes.add(
                written(slot)
                    .<Change>map(json -> new Change.Put(type, id, json))
                    .orElseGet(() -> new Change.Remove(type, id)));
          }
        });
  }

  private Slot slot(long id) {
    Slot slot = slots.get(id);
    if (slot == null) {
      if (!whole) {
        throw new IllegalStateException("entity was not read");
      }
      slot = new Slot();
      slots.put(id, slot);
    }
    return slot;
  }

  private Optional<JsonObject> entity(Slot slot) {
    if (slot.entity == null && slot.stored != null) {
      try {
        slot.entity = reader.read(slot.stored.bytes());
      } catch (InvalidEventException e) {
        // Not written by us: as good as none, until Discord tells it again.
        slot.stored = null;
      }
    }
    return Optional.ofNullable(slot.entity);
  }

  private static Optional<Body> written(Slot slot) {
    return slot.entity == null
        ? Optional.ofNullable(slot.stored)
        : Optional.of(Body.of(slot.entity.bytes()));
  }
}
