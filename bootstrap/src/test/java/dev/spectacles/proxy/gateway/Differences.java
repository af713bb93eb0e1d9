package dev.spectacles.proxy.gateway;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.simulator.world.Fidelity;
import dev.spectacles.proxy.simulator.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** In what something that is kept differs from a world, beyond what is known to be lost. */
final class Differences {
  private Differences() {}

  /** Those of one guild, whose entities are kept as this JSON; none if it is right. */
  static List<String> of(
      World world, long guild, Map<EntityType, ? extends SortedMap<Long, String>> kept) {
    var differences = new ArrayList<String>();
    world
        .kept(guild)
        .forEach(
            (type, real) -> compare(guild + " " + type, type, real, kept.get(type), differences));
    return differences;
  }

  private static void compare(
      String where,
      EntityType type,
      Map<Long, String> real,
      SortedMap<Long, String> kept,
      List<String> differences) {
    var ids = new TreeSet<>(real.keySet());
    ids.addAll(kept.keySet());
    for (long id : ids) {
      if (!kept.containsKey(id)) {
        differences.add("%s %d: missing".formatted(where, id));
      } else if (real.containsKey(id)) {
        for (String difference : Fidelity.keptDifferences(type, real.get(id), kept.get(id))) {
          differences.add("%s %d: %s".formatted(where, id, difference));
        }
      } else if (type != EntityType.CHANNEL_INFO) {
        // What a voice channel has beside itself is in no snapshot, so it may outlive the channel.
        differences.add("%s %d: not expected".formatted(where, id));
      }
    }
  }
}
