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
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

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
      differences.addAll(Differences.of(world, id, json(kept)));
    }
    return differences;
  }

  private static Map<EntityType, SortedMap<Long, String>> json(MapGuild guild) {
    var json = new EnumMap<EntityType, SortedMap<Long, String>>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      var entities = new TreeMap<Long, String>();
      guild.all(type).forEach((id, entity) -> entities.put(id, new String(entity.bytes(), UTF_8)));
      json.put(type, entities);
    }
    return json;
  }
}
