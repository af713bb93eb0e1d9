package dev.spectacles.proxy.domain.entity;

import static java.util.Collections.emptySortedMap;

import java.util.Optional;
import java.util.SortedMap;

/** Guild in which there is nothing but what is kept, whatever is done to it. */
record KeptView(GuildView view, Kept kept) implements GuildView {
  @Override
  public GuildState state() {
    return view.state();
  }

  @Override
  public Optional<JsonObject> get(EntityType type, long id) {
    return kept.has(type) ? view.get(type, id) : Optional.empty();
  }

  @Override
  public SortedMap<Long, JsonObject> all(EntityType type) {
    return kept.has(type) ? view.all(type) : emptySortedMap();
  }

  @Override
  public boolean isBuried(EntityType type, long id) {
    return view.isBuried(type, id);
  }

  @Override
  public void put(EntityType type, long id, JsonObject entity) {
    if (kept.has(type)) {
      view.put(type, id, entity);
    }
  }

  @Override
  public void remove(EntityType type, long id) {
    if (kept.has(type)) {
      view.remove(type, id);
    }
  }

  @Override
  public void replaceAll(EntityType type, SortedMap<Long, JsonObject> entities) {
    if (kept.has(type)) {
      view.replaceAll(type, entities);
    }
  }

  /** Whether or not its type is kept: what hangs on it may be. */
  @Override
  public void bury(EntityType type, long id, long untilMillis) {
    view.bury(type, id, untilMillis);
  }

  @Override
  public void note(GuildState state) {
    view.note(state);
  }

  @Override
  public void drop() {
    view.drop();
  }
}
