package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildView;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A guild as it becomes by the events of a batch: what was read of it, and over that what changes.
 * What several events change is written once. Not thread-safe.
 */
final class GuildDraft implements GuildView {
  private final long guild;
  private final JsonReader reader;
  private final Map<Burial, Long> buried;
  private final List<Change> burials = new ArrayList<>();
  private final List<Change> unburied = new ArrayList<>();
  private final Map<EntityType, TypeDraft> types = new EnumMap<>(EntityType.class);
  private GuildState state;
  private boolean empty;
  private long now;
  private boolean dropped;
  private boolean noted;

  /**
   * Draft of what was read.
   *
   * @param since nothing of before then comes any more, not even again; milliseconds since 1970
   */
  GuildDraft(long guild, GuildRecord read, JsonReader reader, long since) {
    this.guild = guild;
    this.reader = reader;
    this.state = read.state();
    this.empty = state.syncedMillis() == 0;
    this.buried = new HashMap<>(read.buried());
    buried.forEach(
        (burial, until) -> {
          if (until <= since) {
            unburied.add(new Change.Unbury(burial));
          }
        });
  }

  long guild() {
    return guild;
  }

  /** Whether nothing can be read of it, as it was never told as a whole. */
  boolean isEmpty() {
    return empty;
  }

  /** Adds what was read of an entity, before anything is changed. */
  void read(EntityType type, long id, Optional<Body> stored) {
    of(type).read(id, stored);
  }

  /** Adds all that was read of a type, before anything is changed. */
  void read(EntityType type, SortedMap<Long, Body> stored) {
    of(type).readAll(stored);
  }

  /** What was deleted is judged by this time from now on; milliseconds since 1970. */
  void judgeBy(long millis) {
    now = millis;
  }

  /** An event of this time is applied from now on; milliseconds since 1970. */
  void at(long millis) {
    judgeBy(millis);
    if (!state.equals(GuildState.UNKNOWN)) {
      note(state.at(millis));
    }
  }

  /** Something may have been missed. */
  void distrust() {
    if (state.standing() == GuildState.Standing.AVAILABLE) {
      note(state.with(GuildState.Standing.STALE));
    }
  }

  @Override
  public GuildState state() {
    return state;
  }

  @Override
  public Optional<JsonObject> get(EntityType type, long id) {
    return of(type).get(id);
  }

  @Override
  public SortedMap<Long, JsonObject> all(EntityType type) {
    return of(type).all();
  }

  @Override
  public boolean isBuried(EntityType type, long id) {
    Long until = buried.get(new Burial(type, id));
    return until != null && until > now;
  }

  @Override
  public void put(EntityType type, long id, JsonObject entity) {
    if (of(type).put(id, entity)) {
      count(type, state.count(type) + 1);
    }
  }

  @Override
  public void remove(EntityType type, long id) {
    if (of(type).remove(id)) {
      count(type, Math.max(0, state.count(type) - 1));
    }
  }

  @Override
  public void replaceAll(EntityType type, SortedMap<Long, JsonObject> entities) {
    of(type).replaceAll(entities);
    count(type, entities.size());
  }

  @Override
  public void bury(EntityType type, long id, long untilMillis) {
    var burial = new Burial(type, id);
    buried.put(burial, untilMillis);
    burials.add(new Change.Bury(burial, untilMillis));
  }

  @Override
  public void note(GuildState known) {
    state =
        new GuildState(
            known.standing(),
            known.syncedMillis(),
            known.eventMillis(),
            known.membersComplete(),
            known.guildComplete(),
            state.counts());
    noted = true;
  }

  @Override
  public void drop() {
    dropped = true;
    empty = true;
    noted = false;
    state = GuildState.UNKNOWN;
    buried.clear();
    burials.clear();
    unburied.clear();
    types.clear();
  }

  /** What is to be written; no changes if everything stays as it was. */
  GuildChanges changes() {
    var changes = new ArrayList<Change>();
    if (dropped) {
      changes.add(new Change.Drop());
    }
    types.forEach((type, draft) -> draft.addChanges(type, changes));
    changes.addAll(unburied);
    changes.addAll(burials);
    if (noted) {
      changes.add(new Change.Note(state));
    }
    return new GuildChanges(guild, changes);
  }

  private void count(EntityType type, int count) {
    state = state.with(type, count);
    noted = true;
  }

  private TypeDraft of(EntityType type) {
    return types.computeIfAbsent(type, any -> new TypeDraft(reader, empty));
  }
}
