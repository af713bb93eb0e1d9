package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guilds as they become by events of a batch: what these need is read once, what they change is
 * written once. Not thread-safe.
 */
final class GuildDrafts {
  /**
   * An event and what it changes.
   *
   * @param lesson whether it was learnt from an answer of Discord's, not told by the gateway
   */
  record Step(GatewayEvent event, Effect.OnGuild effect, boolean lesson) {}

  /** An answer is taken to be older than what the gateway told this long before its request. */
  private static final long CLOCKS_APART_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(GuildDrafts.class);

  private final EntityStore store;
  private final JsonReader reader;
  private final long since;
  private final Duration ttl;
  private final List<Step> steps = new ArrayList<>();

  /**
   * No guilds yet.
   *
   * @param since nothing of before then comes any more, not even again; milliseconds since 1970
   * @param ttl how long what is personal is kept
   */
  GuildDrafts(EntityStore store, JsonReader reader, long since, Duration ttl) {
    this.store = store;
    this.reader = reader;
    this.since = since;
    this.ttl = ttl;
  }

  /** Adds events of a guild, in their order. */
  void add(List<Step> guild) {
    steps.addAll(guild);
  }

  /**
   * Applies them.
   *
   * @return guilds that the store has no room for
   */
  List<Long> apply(long leader, String app) throws InterruptedException {
    Map<Long, GuildDraft> drafts = read(app);
    for (Step step : steps) {
      GuildDraft draft = requireNonNull(drafts.get(step.effect().guild()));
      try {
        if (step.lesson()) {
          learn(draft, step);
        } else {
          draft.at(step.event().millis());
          step.effect().change().accept(draft);
          draft.at(step.event().millis());
        }
      } catch (RuntimeException e) {
        // A defect: the event would meet it each time it came again.
        LOG.error("event not applied, guild is stale now: name={}", step.event().name(), e);
        draft.distrust();
      }
    }
    List<GuildChanges> changes =
        drafts.values().stream()
            .map(GuildDraft::changes)
            .map(this::limited)
            .filter(guild -> !guild.changes().isEmpty())
            .toList();
    return changes.isEmpty() ? List.of() : store.apply(leader, app, changes);
  }

  /** The same, with a limit to how long what is personal is kept. */
  private GuildChanges limited(GuildChanges guild) {
    Set<EntityType> personal = EnumSet.noneOf(EntityType.class);
    for (Change change : guild.changes()) {
      switch (change) {
        case Change.Put put -> personal.add(put.type());
        case Change.ReplaceAll all -> personal.add(all.type());
        default -> {}
      }
    }
    personal.removeIf(type -> !type.isPersonal());
    if (personal.isEmpty()) {
      return guild;
    }
    var changes = new ArrayList<>(guild.changes());
    personal.forEach(type -> changes.add(new Change.Limit(type, ttl)));
    return new GuildChanges(guild.guild(), changes);
  }

  /** Only about what is kept, and not in place of what the gateway told meanwhile. */
  private static void learn(GuildDraft draft, Step step) {
    GuildState state = draft.state();
    boolean newer = state.eventMillis() + CLOCKS_APART_MILLIS < step.event().millis();
    if (newer && !state.equals(GuildState.UNKNOWN)) {
      draft.judgeBy(step.event().millis());
      step.effect().change().accept(draft);
    }
  }

  private Map<Long, GuildDraft> read(String app) throws InterruptedException {
    var types = new LinkedHashMap<Long, Set<EntityType>>();
    for (Step step : steps) {
      types
          .computeIfAbsent(step.effect().guild(), any -> EnumSet.noneOf(EntityType.class))
          .addAll(step.effect().types());
    }
    Map<Long, GuildDraft> drafts = records(app, List.copyOf(types.keySet()));
    drafts.values().stream()
        .filter(GuildDraft::isEmpty)
        .map(GuildDraft::guild)
        .forEach(types::remove);
    readWhole(app, types, drafts);
    List<EntityKey> keys = keys(types);
    List<Optional<Body>> entities = keys.isEmpty() ? List.of() : store.get(app, keys);
    for (int i = 0; i < keys.size(); i++) {
      EntityKey key = keys.get(i);
      requireNonNull(drafts.get(key.guild())).read(key.type(), key.id(), entities.get(i));
    }
    return drafts;
  }

  private Map<Long, GuildDraft> records(String app, List<Long> guilds) throws InterruptedException {
    List<GuildRecord> records = store.records(app, guilds);
    var drafts = new LinkedHashMap<Long, GuildDraft>();
    for (int i = 0; i < guilds.size(); i++) {
      drafts.put(guilds.get(i), new GuildDraft(guilds.get(i), records.get(i), reader, since));
    }
    return drafts;
  }

  private void readWhole(String app, Map<Long, Set<EntityType>> types, Map<Long, GuildDraft> drafts)
      throws InterruptedException {
    var whole = new LinkedHashMap<Long, List<EntityType>>();
    types.forEach(
        (guild, its) -> {
          if (!its.isEmpty()) {
            whole.put(guild, List.copyOf(its));
          }
        });
    if (!whole.isEmpty()) {
      store
          .all(app, whole)
          .forEach((guild, all) -> all.forEach(requireNonNull(drafts.get(guild))::read));
    }
  }

  /** Entities to be read of guilds of which there is something, but for types read as a whole. */
  private List<EntityKey> keys(Map<Long, Set<EntityType>> readAsAWhole) {
    var keys = new LinkedHashSet<EntityKey>();
    for (Step step : steps) {
      for (EntityKey key : step.effect().entities()) {
        Set<EntityType> whole = readAsAWhole.get(key.guild());
        if (whole != null && !whole.contains(key.type())) {
          keys.add(key);
        }
      }
    }
    return List.copyOf(keys);
  }
}
