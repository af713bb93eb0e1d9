package dev.spectacles.proxy.domain.entity;

import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All that a bot sees, in memory. */
final class TestWorld {
  private final EventRules rules;
  private final Map<Long, TestGuild> guilds = new TreeMap<>();
  private JsonObject self = JsonObject.EMPTY;

  TestWorld(EventRules rules) {
    this.rules = rules;
  }

  TestGuild guild(long id) {
    return guilds.computeIfAbsent(id, TestGuild::new);
  }

  Set<Long> known() {
    return guilds.entrySet().stream()
        .filter(at -> !at.getValue().state().equals(new TestGuild(0).state()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  void tell(List<GatewayEvent> events) {
    events.forEach(this::tell);
  }

  void tell(String name, long millis, String json) {
    tell(TestJson.event(name, millis, json));
  }

  void tell(GatewayEvent event) {
    switch (effectOf(event)) {
      case Effect.None() -> {}
      case Effect.OnGuild onGuild -> guild(onGuild.guild()).apply(onGuild, event.millis());
      case Effect.OnSelf(JsonObject changed) -> self = self.mergedWith(changed);
      case Effect.Ready ready -> {
        self = ready.self();
        var listed = new HashSet<>(ready.guilds());
        for (long id : guilds.keySet()) {
          if ((id >>> 22) % ready.shards() == ready.shard() && !listed.contains(id)) {
            guild(id).drop();
          }
        }
        for (long id : listed) {
          guild(id).note(guild(id).state().with(Standing.UNAVAILABLE));
        }
      }
    }
  }

  private Effect effectOf(GatewayEvent event) {
    try {
      return rules.effectOf(event);
    } catch (InvalidEventException e) {
      throw new AssertionError(event.name(), e);
    }
  }

  JsonObject self() {
    return self;
  }

  /** All of it, to compare. */
  Object whole() {
    var whole = new TreeMap<String, Object>();
    whole.put("self", self);
    for (long id : known()) {
      whole.put(Long.toString(id), guild(id).whole());
    }
    return whole;
  }
}
