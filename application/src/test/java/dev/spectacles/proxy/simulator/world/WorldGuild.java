package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.id;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A guild as it really is, each entity as REST shows it. */
final class WorldGuild {
  final long id;
  final Map<String, Object> fields;
  final String joinedAt;
  final Map<EntityType, TreeMap<Long, Map<String, Object>>> entities =
      new EnumMap<>(EntityType.class);

  /** Channels that the bot cannot view. */
  final Set<Long> hidden = new HashSet<>();

  /** Threads that nobody uses any more. */
  final TreeMap<Long, Map<String, Object>> archived = new TreeMap<>();

  /** Users that left, and when. */
  final Map<Long, Long> left = new HashMap<>();

  /** Whether the bot is in it. */
  boolean joined = true;

  /** Whether Discord has no outage. */
  boolean available = true;

  /** Whether the gateway has told what it leaves out of {@code GUILD_CREATE}. */
  boolean toldInFull;

  WorldGuild(long id, Map<String, Object> fields, String joinedAt) {
    this.id = id;
    this.fields = fields;
    this.joinedAt = joinedAt;
    for (EntityType type : EntityType.values()) {
      entities.put(type, new TreeMap<>());
    }
  }

  TreeMap<Long, Map<String, Object>> all(EntityType type) {
    return entities.get(type);
  }

  Map<String, Object> get(EntityType type, long which) {
    var found = all(type).get(which);
    if (found == null) {
      throw new IllegalArgumentException("%s of %d: %d".formatted(type, id, which));
    }
    return found;
  }

  /** Any of a type; 0 if there is none. */
  long any(EntityType type, Random random) {
    return any(List.copyOf(all(type).keySet()), random);
  }

  static long any(List<Long> ids, Random random) {
    return ids.isEmpty() ? 0 : ids.get(random.nextInt(ids.size()));
  }

  /** Channels of these kinds. */
  List<Long> channels(int... kinds) {
    return all(EntityType.CHANNEL).entrySet().stream()
        .filter(channel -> isAnyOf(channel.getValue().get("type"), kinds))
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean isHidden(long channel) {
    return hidden.contains(channel);
  }

  /** Whether the bot sees a thread: that of a channel it sees; a private one if it is in it. */
  boolean sees(Map<String, Object> thread) {
    boolean shut =
        thread.get("type").equals(Shapes.PRIVATE_THREAD) && !thread.containsKey("member");
    return !shut && !isHidden(Long.parseLong((String) thread.get("parent_id")));
  }

  /** Subject of events about one entity. */
  String subject(EntityType type, long which) {
    return id(id) + '/' + type.key() + '/' + which;
  }

  /** Subject of events about all of a type. */
  String subject(EntityType type) {
    return id(id) + '/' + type.key();
  }

  private static boolean isAnyOf(Object type, int... kinds) {
    for (int kind : kinds) {
      if (type.equals(kind)) {
        return true;
      }
    }
    return false;
  }
}
