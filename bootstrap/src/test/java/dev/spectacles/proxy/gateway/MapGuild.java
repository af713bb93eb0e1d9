package dev.spectacles.proxy.gateway;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildView;
import dev.spectacles.proxy.domain.entity.JsonObject;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A guild in plain maps. Refuses a look at what an effect did not ask for. */
final class MapGuild {
  private final long id;
  private final Map<EntityType, TreeMap<Long, JsonObject>> entities =
      new EnumMap<>(EntityType.class);
  private final Map<Burial, Long> buried = new HashMap<>();
  private GuildState state = GuildState.UNKNOWN;

  MapGuild(long id) {
    this.id = id;
  }

  GuildState state() {
    var counts = new EnumMap<EntityType, Integer>(EntityType.class);
    entities.forEach((type, all) -> counts.put(type, all.size()));
    return new GuildState(
        state.standing(),
        state.syncedMillis(),
        state.eventMillis(),
        state.membersComplete(),
        state.guildComplete(),
        counts);
  }

  void note(GuildState newer) {
    state = newer;
  }

  SortedMap<Long, JsonObject> all(EntityType type) {
    return entities.computeIfAbsent(type, any -> new TreeMap<>());
  }

  /** Whether nothing is kept of it. */
  boolean isEmpty() {
    return entities.values().stream().allMatch(Map::isEmpty);
  }

  /** Changes it as an effect says, at this time; milliseconds since 1970. */
  void apply(Effect.OnGuild effect, long millis) {
    effect.change().accept(new View(effect, millis));
  }

  private final class View implements GuildView {
    private final Effect.OnGuild effect;
    private final long millis;

    View(Effect.OnGuild effect, long millis) {
      this.effect = effect;
      this.millis = millis;
    }

    @Override
    public GuildState state() {
      return MapGuild.this.state();
    }

    @Override
    public Optional<JsonObject> get(EntityType type, long which) {
      demand(type, which);
      return Optional.ofNullable(MapGuild.this.all(type).get(which));
    }

    @Override
    public SortedMap<Long, JsonObject> all(EntityType type) {
      if (!effect.types().contains(type)) {
        throw new IllegalStateException("not asked for: all of " + type);
      }
      return new TreeMap<>(MapGuild.this.all(type));
    }

    @Override
    public boolean isBuried(EntityType type, long which) {
      return buried.getOrDefault(new Burial(type, which), Long.MIN_VALUE) > millis;
    }

    @Override
    public void put(EntityType type, long which, JsonObject entity) {
      demand(type, which);
      MapGuild.this.all(type).put(which, entity);
    }

    @Override
    public void remove(EntityType type, long which) {
      demand(type, which);
      MapGuild.this.all(type).remove(which);
    }

    @Override
    public void replaceAll(EntityType type, SortedMap<Long, JsonObject> newer) {
      entities.put(type, new TreeMap<>(newer));
    }

    @Override
    public void bury(EntityType type, long which, long untilMillis) {
      buried.put(new Burial(type, which), untilMillis);
    }

    @Override
    public void note(GuildState newer) {
      state = newer;
    }

    @Override
    public void drop() {
      entities.clear();
      buried.clear();
      state = GuildState.UNKNOWN;
    }

    private void demand(EntityType type, long which) {
      if (!effect.types().contains(type)
          && !effect.entities().contains(new EntityKey(id, type, which))) {
        throw new IllegalStateException("not asked for: %s %d".formatted(type, which));
      }
    }
  }
}
