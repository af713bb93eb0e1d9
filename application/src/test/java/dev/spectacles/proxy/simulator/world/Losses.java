package dev.spectacles.proxy.simulator.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * In what a synthesised object may differ from the real one.
 *
 * @param lost may be missing
 * @param extra may be there in addition
 * @param drifting may be anything
 */
record Losses(Set<String> lost, Set<String> extra, Set<String> drifting) {
  static final Losses NONE = new Losses(Set.of(), Set.of(), Set.of());

  static Losses lost(String... names) {
    return new Losses(Set.of(names), Set.of(), Set.of());
  }

  static Losses extra(String... names) {
    return new Losses(Set.of(), Set.of(names), Set.of());
  }

  static Losses drifting(String... names) {
    return new Losses(Set.of(), Set.of(), Set.of(names));
  }

  Losses and(Losses more) {
    return new Losses(
        union(lost, more.lost), union(extra, more.extra), union(drifting, more.drifting));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    var all = new TreeSet<>(one);
    all.addAll(other);
    return Set.copyOf(all);
  }

  /** Adds what differs in another way. */
  void compare(String where, Map<?, ?> real, Map<?, ?> made, List<String> differences) {
    for (Map.Entry<?, ?> member : real.entrySet()) {
      var name = (String) member.getKey();
      if (drifting.contains(name) || lost.contains(name) && !made.containsKey(name)) {
        continue;
      }
      if (!made.containsKey(name)) {
        differences.add("%s.%s: missing".formatted(where, name));
      } else if (!isSame(name, member.getValue(), made.get(name))) {
        differences.add(
            "%s.%s: %s (expected: %s)"
                .formatted(
                    where,
                    name,
                    JsonText.write(made.get(name)),
                    JsonText.write(member.getValue())));
      }
    }
    for (Object name : made.keySet()) {
      if (!real.containsKey(name)
          && !extra.contains((String) name)
          && !drifting.contains((String) name)) {
        differences.add("%s.%s: not expected".formatted(where, name));
      }
    }
  }

  /**
   * A member may still have roles that were deleted since, which readers ignore: nobody rewrites
   * every member for that.
   */
  private boolean isSame(String name, Object real, Object made) {
    if (name.equals("roles")
        && extra.contains("roles of members")
        && real instanceof List<?> fewer
        && made instanceof List<?> more) {
      var rest = new ArrayList<Object>(more);
      rest.retainAll(fewer);
      return rest.equals(fewer);
    }
    return real.equals(made);
  }
}
