package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Body;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.LongPredicate;

/** Goes through all guilds of an application. Not thread-safe. */
final class GuildSweep {
  private static final int PAGE = 500;

  /** Of each guild, whole lists are read. */
  private static final int PAGE_OF_LISTS = 50;

  private static final List<EntityType> OF_USERS =
      List.of(EntityType.MEMBER, EntityType.PRESENCE, EntityType.VOICE);

  /** Member in which an entity has the user who made it. Source: Discord docs, of each of them. */
  private static final Map<EntityType, String> MAKERS =
      Map.of(
          EntityType.EMOJI, "user",
          EntityType.STICKER, "user",
          EntityType.SOUND, "user",
          EntityType.INTEGRATION, "user",
          EntityType.EVENT, "creator");

  /** Bits of an id below its timestamp. Source: Discord docs, Gateway, "Sharding". */
  private static final int TIMESTAMP = 22;

  private final EntityStore store;
  private final JsonReader reader;

  GuildSweep(EntityStore store, JsonReader reader) {
    this.store = store;
    this.reader = reader;
  }

  /**
   * A shard began anew: what it lists is unavailable until it is told again, what it does not list
   * is gone.
   *
   * @return guilds that are gone
   */
  List<Long> ready(long leader, Effect.Ready ready) throws InterruptedException {
    var listed = new HashSet<>(ready.guilds());
    var gone = new ArrayList<Long>();
    forEach(
        leader,
        ready.app(),
        guild -> (guild >>> TIMESTAMP) % ready.shards() == ready.shard(),
        (guild, known) -> {
          if (!listed.remove(guild)) {
            gone.add(guild);
            return Optional.of(new Change.Drop());
          }
          return Optional.of(unavailable(known.state()));
        });
    List<GuildChanges> unknown =
        listed.stream()
            .map(guild -> new GuildChanges(guild, List.of(unavailable(GuildState.UNKNOWN))))
            .toList();
    for (int from = 0; from < unknown.size(); from += PAGE) {
      List<GuildChanges> page = unknown.subList(from, Math.min(unknown.size(), from + PAGE));
      store.apply(leader, ready.app(), page);
      stayLeader(leader);
    }
    return gone;
  }

  /** Events may have been missed: nothing that was told before is relied on. */
  void distrustAll(long leader, String app) throws InterruptedException {
    forEach(
        leader,
        app,
        guild -> true,
        (guild, known) ->
            known.state().standing() == Standing.AVAILABLE
                ? Optional.of(new Change.Note(known.state().with(Standing.STALE)))
                : Optional.empty());
  }

  /** Nothing of a user is kept, but for the id where something else refers to it. */
  void purgeUser(long leader, String app, long user) throws InterruptedException {
    long after = 0;
    List<Long> guilds;
    do {
      guilds = store.guilds(app, after, PAGE_OF_LISTS);
      if (guilds.isEmpty()) {
        return;
      }
      List<GuildRecord> records = store.records(app, guilds);
      var drafts = new ArrayList<GuildDraft>();
      for (int i = 0; i < guilds.size(); i++) {
        drafts.add(new GuildDraft(guilds.get(i), records.get(i), reader, Long.MIN_VALUE));
      }
      removeUser(app, drafts, user);
      removeMaker(app, drafts, user);
      applyAll(leader, app, drafts.stream().map(GuildDraft::changes).toList());
      after = guilds.getLast();
      stayLeader(leader);
    } while (guilds.size() == PAGE_OF_LISTS);
  }

  private void removeUser(String app, List<GuildDraft> drafts, long user)
      throws InterruptedException {
    for (EntityType type : OF_USERS) {
      List<EntityKey> keys =
          drafts.stream().map(draft -> new EntityKey(draft.guild(), type, user)).toList();
      List<Optional<Body>> found = store.get(app, keys);
      for (int i = 0; i < drafts.size(); i++) {
        drafts.get(i).read(type, user, found.get(i));
        drafts.get(i).remove(type, user);
      }
    }
  }

  private void removeMaker(String app, List<GuildDraft> drafts, long user)
      throws InterruptedException {
    List<EntityType> types = List.copyOf(MAKERS.keySet());
    var asked = new LinkedHashMap<Long, List<EntityType>>();
    drafts.forEach(draft -> asked.put(draft.guild(), types));
    Map<Long, Map<EntityType, SortedMap<Long, Body>>> found = store.all(app, asked);
    for (GuildDraft draft : drafts) {
      found.getOrDefault(draft.guild(), Map.of()).forEach(draft::read);
      MAKERS.forEach((type, maker) -> removeMaker(draft, type, maker, user));
    }
  }

  private static void removeMaker(GuildDraft draft, EntityType type, String maker, long user) {
    draft
        .all(type)
        .forEach(
            (id, entity) -> {
              boolean isHis =
                  entity.object(maker).filter(by -> by.id("id").orElse(0) == user).isPresent();
              if (isHis) {
                draft.put(type, id, entity.without(List.of(maker)));
              }
            });
  }

  private void applyAll(long leader, String app, List<GuildChanges> changes)
      throws InterruptedException {
    List<GuildChanges> real = changes.stream().filter(guild -> !guild.changes().isEmpty()).toList();
    if (!real.isEmpty()) {
      store.apply(leader, app, real);
    }
  }

  /** A sweep may take longer than the lease. */
  private void stayLeader(long leader) throws InterruptedException {
    if (!store.lead(GatewayIngest.LEASE).equals(OptionalLong.of(leader))) {
      throw new StaleLeaderException("leader: another one since a sweep of all guilds began");
    }
  }

  private static Change unavailable(GuildState known) {
    return new Change.Note(known.with(Standing.UNAVAILABLE));
  }

  private void forEach(
      long leader,
      String app,
      LongPredicate concerned,
      BiFunction<Long, GuildRecord, Optional<Change>> change)
      throws InterruptedException {
    long after = 0;
    List<Long> page;
    do {
      page = store.guilds(app, after, PAGE);
      List<Long> guilds = page.stream().filter(concerned::test).toList();
      List<GuildRecord> records = guilds.isEmpty() ? List.of() : store.records(app, guilds);
      var changes = new ArrayList<GuildChanges>();
      for (int i = 0; i < guilds.size(); i++) {
        long guild = guilds.get(i);
        change
            .apply(guild, records.get(i))
            .ifPresent(one -> changes.add(new GuildChanges(guild, List.of(one))));
      }
      applyAll(leader, app, changes);
      after = page.isEmpty() ? after : page.getLast();
      stayLeader(leader);
    } while (page.size() == PAGE);
  }
}
