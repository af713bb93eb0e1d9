package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.application.port.out.EntityStore.Usage;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** All that is kept of an application. One thread at a time writes; any reads. */
final class HeldApp {
  private final ConcurrentNavigableMap<Long, HeldGuild> guilds = new ConcurrentSkipListMap<>();
  private final ConcurrentMap<Long, Long> guildOfChannel = new ConcurrentHashMap<>();
  private final ConcurrentMap<EntityType, Usage> usage = new ConcurrentHashMap<>();
  private volatile Optional<AppState> state = Optional.empty();

  Optional<AppState> state() {
    return state;
  }

  void keep(AppState told) {
    state = Optional.of(told);
  }

  HeldGuild guild(long id) {
    return guilds.getOrDefault(id, HeldGuild.NONE);
  }

  List<Long> guilds(long after, int atMost) {
    var listed = new ArrayList<Long>();
    for (Map.Entry<Long, HeldGuild> guild : guilds.tailMap(after, false).entrySet()) {
      if (listed.size() == atMost) {
        break;
      }
      if (guild.getValue().listed()) {
        listed.add(guild.getKey());
      }
    }
    return listed;
  }

  OptionalLong guildOf(long channel) {
    Long guild = guildOfChannel.get(channel);
    return guild == null ? OptionalLong.empty() : OptionalLong.of(guild);
  }

  /** All guilds, as they are while this is looked at. */
  Map<Long, HeldGuild> all() {
    return guilds;
  }

  /** Puts a guild in place of what was there; what it has nothing in is forgotten. */
  void put(Long id, HeldGuild before, HeldGuild after) {
    if (after.isNothing()) {
      guilds.remove(id);
    } else {
      guilds.put(id, after);
    }
    for (EntityType type : GuildEdit.INDEXED) {
      forget(before.shelf(type), after.shelf(type));
    }
    for (EntityType type : GuildEdit.INDEXED) {
      index(id, before.shelf(type), after.shelf(type));
    }
    for (EntityType type : EntityType.values()) {
      count(type, before.shelf(type), after.shelf(type));
    }
  }

  private void count(EntityType type, Shelf before, Shelf after) {
    if (before != after) {
      var more = new Usage(after.size() - before.size(), after.bytes() - before.bytes());
      usage.merge(
          type,
          more,
          (held, added) ->
              new Usage(held.entities() + added.entities(), held.bytes() + added.bytes()));
    }
  }

  private void forget(Shelf before, Shelf after) {
    for (int i = 0; before != after && i < before.size(); i++) {
      if (!after.has(before.id(i))) {
        guildOfChannel.remove(before.id(i));
      }
    }
  }

  private void index(Long guild, Shelf before, Shelf after) {
    for (int i = 0; before != after && i < after.size(); i++) {
      if (!before.has(after.id(i))) {
        guildOfChannel.put(after.id(i), guild);
      }
    }
  }

  Map<EntityType, Usage> usage() {
    return Map.copyOf(usage);
  }
}
