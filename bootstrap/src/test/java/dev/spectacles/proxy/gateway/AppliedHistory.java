package dev.spectacles.proxy.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.wire.EntityJson;
import dev.spectacles.proxy.domain.entity.Effect;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.simulator.world.Fidelity;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the rules make of a world's events, in plain maps. */
final class AppliedHistory {
  private static final int LARGEST = 16 << 20;

  private final Set<EntityType> types = EnumSet.allOf(EntityType.class);
  private final EntityJson reader = new EntityJson(LARGEST);
  private final TreeMap<Long, MapGuild> guilds = new TreeMap<>();
  private EventRules rules = new EventRules(types);

  /** In the order in which an ingester takes them, which knows their time and name. */
  List<WorldEvent> sorted(List<WorldEvent> events) {
    var ranks = new HashMap<String, Integer>();
    rules.names().forEach(name -> ranks.put(name, ranks.size()));
    var sorted = new ArrayList<>(events);
    sorted.removeIf(event -> !ranks.containsKey(event.name()));
    sorted.sort(
        Comparator.comparingLong(WorldEvent::millis)
            .thenComparing(event -> ranks.getOrDefault(event.name(), 0)));
    return sorted;
  }

  void apply(List<WorldEvent> events) throws InvalidEventException {
    for (WorldEvent event : events) {
      JsonObject data = reader.read(event.json().getBytes(UTF_8));
      apply(rules.effectOf(new GatewayEvent(event.name(), data, event.millis())), event.millis());
    }
  }

  private void apply(Effect effect, long millis) {
    switch (effect) {
      case Effect.None() -> {}
      case Effect.OnGuild on -> guilds.computeIfAbsent(on.guild(), MapGuild::new).apply(on, millis);
      case Effect.Ready ready -> begin(ready);
      case Effect.OnSelf self -> {}
    }
  }

  private void begin(Effect.Ready ready) {
    rules = new EventRules(types, OptionalLong.of(ready.userId()));
    var listed = Set.copyOf(ready.guilds());
    guilds
        .keySet()
        .removeIf(id -> (id >>> 22) % ready.shards() == ready.shard() && !listed.contains(id));
    for (long id : listed) {
      var guild = guilds.computeIfAbsent(id, MapGuild::new);
      guild.note(guild.state().with(Standing.UNAVAILABLE));
    }
  }

  /** In what it differs from the world, beyond what is known to be lost; none if it is right. */
  List<String> differences(World world) {
    guilds.values().removeIf(MapGuild::isEmpty);
    var differences = new ArrayList<String>();
    if (!world.guilds().equals(guilds.keySet())) {
      differences.add("guilds: %s (expected: %s)".formatted(guilds.keySet(), world.guilds()));
      return differences;
    }
    for (long id : world.guilds()) {
      var kept = guilds.get(id);
      if (kept.state().standing() != Standing.AVAILABLE) {
        differences.add(id + ": " + kept.state().standing());
      }
      world
          .kept(id)
          .forEach(
              (type, real) -> compare(id + " " + type, type, real, kept.all(type), differences));
    }
    return differences;
  }

  private static void compare(
      String where,
      EntityType type,
      Map<Long, String> real,
      SortedMap<Long, JsonObject> kept,
      List<String> differences) {
    var ids = new TreeSet<>(real.keySet());
    ids.addAll(kept.keySet());
    for (long id : ids) {
      if (!kept.containsKey(id)) {
        differences.add("%s %d: missing".formatted(where, id));
      } else if (real.containsKey(id)) {
        var json = new String(kept.get(id).bytes(), UTF_8);
        for (String difference : Fidelity.keptDifferences(type, real.get(id), json)) {
          differences.add("%s %d: %s".formatted(where, id, difference));
        }
      } else if (type != EntityType.CHANNEL_INFO) {
        // What a voice channel has beside itself is in no snapshot, so it may outlive the channel.
        differences.add("%s %d: not expected".formatted(where, id));
      }
    }
  }
}
