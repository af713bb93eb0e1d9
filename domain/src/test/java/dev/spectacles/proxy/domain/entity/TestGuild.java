package dev.spectacles.proxy.domain.entity;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Guild in memory, which only lets an effect look at what it said that it needs. */
final class TestGuild implements GuildView {
  private final long id;
  private final Map<EntityType, SortedMap<Long, JsonObject>> entities =
      new EnumMap<>(EntityType.class);
  private final Map<Burial, Long> buried = new HashMap<>();
  private GuildState state = GuildState.UNKNOWN;
  private Set<EntityKey> needed = Set.of();
  private Set<EntityType> neededTypes = Set.of();
  private long now;

  TestGuild(long id) {
    this.id = id;
    drop();
  }

  void apply(Effect.OnGuild effect, long millis) {
    needed = effect.entities();
    neededTypes = effect.types();
    now = millis;
    effect.change().accept(this);
  }

  SortedMap<Long, JsonObject> kept(EntityType type) {
    return entities.get(type);
  }

  Map<Burial, Long> buried() {
    return buried;
  }

  Object whole() {
    return Map.of("state", state(), "entities", Map.copyOf(entities), "buried", Map.copyOf(buried));
  }

  @Override
  public GuildState state() {
    GuildState counted = state;
    for (EntityType type : EntityType.values()) {
      counted = counted.with(type, entities.get(type).size());
    }
    return counted;
  }

  @Override
  public Optional<JsonObject> get(EntityType type, long entity) {
    checkNeeded(type, entity);
    return Optional.ofNullable(entities.get(type).get(entity));
  }

  @Override
  public SortedMap<Long, JsonObject> all(EntityType type) {
    if (!neededTypes.contains(type)) {
      throw new AssertionError("not said to be needed: all of " + type);
    }
    return new TreeMap<>(entities.get(type));
  }

  @Override
  public boolean isBuried(EntityType type, long entity) {
    return buried.getOrDefault(new Burial(type, entity), 0L) > now;
  }

  @Override
  public void put(EntityType type, long entity, JsonObject json) {
    checkNeeded(type, entity);
    entities.get(type).put(entity, json);
  }

  @Override
  public void remove(EntityType type, long entity) {
    checkNeeded(type, entity);
    entities.get(type).remove(entity);
  }

  @Override
  public void replaceAll(EntityType type, SortedMap<Long, JsonObject> all) {
    entities.put(type, new TreeMap<>(all));
  }

  @Override
  public void bury(EntityType type, long entity, long untilMillis) {
    buried.put(new Burial(type, entity), untilMillis);
  }

  @Override
  public void note(GuildState noted) {
    state = noted;
  }

  @Override
  public void drop() {
    state = GuildState.UNKNOWN;
    buried.clear();
    for (EntityType type : EntityType.values()) {
      entities.put(type, new TreeMap<>());
    }
  }

  private void checkNeeded(EntityType type, long entity) {
    if (!neededTypes.contains(type) && !needed.contains(new EntityKey(id, type, entity))) {
      throw new AssertionError("not said to be needed: %s %d".formatted(type, entity));
    }
  }
}
