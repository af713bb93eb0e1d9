package dev.spectacles.proxy.simulator.world;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what was made of gateway events with what is: JSON equal, numbers as they are written,
 * but for what is known to be lost.
 */
public final class Fidelity {
  private static final Set<Integer> THREAD_TYPES = Set.of(10, 11, 12);
  private static final Losses USER = Losses.lost("user");
  private static final Losses MEMBER = Losses.extra("roles of members");
  private static final Losses EVENT = Losses.lost("creator", "user_count");
  private static final Losses VOICE = Losses.lost("member", "guild_id");
  private static final Losses THREAD =
      Losses.lost("member")
          .and(Losses.drifting("message_count", "member_count", "total_message_sent"));
  private static final Losses PERSON =
      Losses.lost(
          "banner", "accent_color", "email", "verified", "locale", "mfa_enabled", "premium_type");
  private static final Losses WIDGET = new Losses(GatewayForm.ONLY_UPDATED, Set.of(), Set.of());

  private Fidelity() {}

  /**
   * In what a synthesised answer differs from REST's, beyond what is known to be lost on its route.
   *
   * @param path without version, with or without query
   * @return none if it is right
   */
  public static List<String> differences(String path, String rest, String made) {
    return differences(path, rest, made, WIDGET);
  }

  /** The same, but a guild has to have all that only {@code GUILD_UPDATE} tells. */
  public static List<String> faithfulDifferences(String path, String rest, String made) {
    return differences(path, rest, made, Losses.NONE);
  }

  private static List<String> differences(
      String path, String rest, String made, Losses lossesOfGuild) {
    var differences = new ArrayList<String>();
    var real = JsonText.read(rest);
    var other = JsonText.read(made);
    var plain = path.replaceAll("\\?.*", "").replaceAll("/(\\d+|@me)(?=/|$)", "/#");
    switch (plain) {
      case "/guilds/#" -> guild(object(real), object(other), lossesOfGuild, differences);
      case "/guilds/#/channels", "/guilds/#/roles" ->
          lists(plain, real, other, "id", false, Losses.NONE, differences);
      case "/guilds/#/emojis", "/guilds/#/stickers" ->
          lists(plain, real, other, "id", false, USER, differences);
      case "/guilds/#/scheduled-events" ->
          lists(plain, real, other, "id", false, EVENT, differences);
      case "/guilds/#/members" -> lists(plain, real, other, "user", true, MEMBER, differences);
      case "/guilds/#/soundboard-sounds" -> {
        var shape = Losses.drifting("items");
        shape.compare(plain, object(real), object(other), differences);
        var parts = list(object(other), "items");
        lists(plain, object(real).get("items"), parts, "sound_id", false, USER, differences);
      }
      case "/guilds/#/threads/active" -> {
        var shape = Losses.lost("has_more").and(Losses.drifting("threads", "members"));
        shape.compare(plain, object(real), object(other), differences);
        var parts = list(object(other), "threads");
        var losses = THREAD.and(Losses.extra("member"));
        lists(plain, object(real).get("threads"), parts, "id", true, losses, differences);
      }
      default -> {
        losses(plain, real).compare(plain, object(real), object(other), differences);
        if (isThread(object(real)) && object(other).get("member") instanceof Map<?, ?> member) {
          membership(object(real).get("member"), member, differences);
        }
      }
    }
    return differences;
  }

  /** In what an entity that is kept differs from the one that there is. */
  public static List<String> keptDifferences(EntityType type, String real, String kept) {
    var differences = new ArrayList<String>();
    var known = JsonText.readObject(real);
    var other = JsonText.readObject(kept);
    var losses =
        switch (type) {
          case GUILD ->
              Losses.drifting(
                  "member_count", "unavailable", "lazy", "version", "embedded_activities");
          case ROLE, EMOJI, PRESENCE, INTEGRATION -> Losses.extra("guild_id");
          case EVENT -> Losses.drifting("user_count");
          case MEMBER -> MEMBER.and(Losses.extra("guild_id"));
          case VOICE -> Losses.extra("member");
          case CHANNEL_INFO -> Losses.extra("guild_id");
          case THREAD -> Losses.drifting("member");
          default -> Losses.NONE;
        };
    if (type == EntityType.CHANNEL_INFO) {
      known.values().removeIf(JsonText.NULL::equals);
      other.values().removeIf(JsonText.NULL::equals);
    }
    losses.compare(type.key(), known, other, differences);
    if (type == EntityType.THREAD) {
      membership(known.get("member"), other.get("member"), differences);
    }
    return differences;
  }

  /** Some events say whose membership of which thread it is, others do not. */
  private static void membership(Object real, Object kept, List<String> differences) {
    if (real instanceof Map<?, ?> known && kept instanceof Map<?, ?> other) {
      var losses = Losses.extra("id", "user_id", "guild_id");
      losses.compare("threads.member", known, other, differences);
    } else if (real != kept) {
      differences.add("threads.member: %s (expected: %s)".formatted(kept, real));
    }
  }

  private static Losses losses(String plain, Object real) {
    return switch (plain) {
      case "/channels/#" ->
          isThread(object(real)) ? THREAD.and(Losses.drifting("member")) : Losses.NONE;
      case "/guilds/#/roles/#", "/stage-instances/#" -> Losses.NONE;
      case "/guilds/#/members/#" -> MEMBER;
      case "/guilds/#/emojis/#", "/guilds/#/stickers/#", "/guilds/#/soundboard-sounds/#" -> USER;
      case "/guilds/#/scheduled-events/#" -> EVENT;
      case "/guilds/#/voice-states/#" -> VOICE;
      case "/users/#" -> PERSON;
      default -> throw new IllegalArgumentException("path: " + plain + " (expected: one known)");
    };
  }

  private static boolean isThread(Map<?, ?> channel) {
    return channel.containsKey("thread_metadata")
        && THREAD_TYPES.contains(Integer.parseInt(channel.get("type").toString()));
  }

  private static void guild(
      Map<?, ?> real, Map<?, ?> made, Losses losses, List<String> differences) {
    var lists = Losses.drifting("roles", "emojis", "stickers");
    losses.and(lists).compare("guild", real, made, differences);
    for (String list : List.of("roles", "emojis", "stickers")) {
      if (made.get(list) instanceof List<?> others) {
        var lost = list.equals("roles") ? Losses.NONE : USER;
        lists("guild." + list, real.get(list), others, "id", false, lost, differences);
      } else {
        differences.add("guild.%s: missing".formatted(list));
      }
    }
  }

  private static void lists(
      String where,
      Object real,
      Object made,
      String key,
      boolean ordered,
      Losses losses,
      List<String> differences) {
    var known = byKey((List<?>) real, key);
    var others = byKey((List<?>) made, key);
    if (others.size() != ((List<?>) made).size()) {
      differences.add(where + ": something is in it twice");
    }
    var keys = new LinkedHashSet<>(known.keySet());
    keys.addAll(others.keySet());
    for (Object each : keys) {
      if (!others.containsKey(each)) {
        differences.add("%s[%s]: missing".formatted(where, each));
      } else if (!known.containsKey(each)) {
        differences.add("%s[%s]: not expected".formatted(where, each));
      } else {
        losses.compare(where + '[' + each + ']', known.get(each), others.get(each), differences);
      }
    }
    var order = List.copyOf(known.keySet());
    var otherOrder = List.copyOf(others.keySet());
    if (ordered
        && new HashSet<>(order).equals(new HashSet<>(otherOrder))
        && !order.equals(otherOrder)) {
      differences.add("%s: in the order %s (expected: %s)".formatted(where, otherOrder, order));
    }
  }

  private static Map<Object, Map<?, ?>> byKey(List<?> list, String key) {
    var byKey = new LinkedHashMap<Object, Map<?, ?>>();
    for (Object item : list) {
      var entity = object(item);
      var value = entity.get(key) instanceof Map<?, ?> user ? user.get("id") : entity.get(key);
      byKey.put(value, entity);
    }
    return byKey;
  }

  private static List<?> list(Map<?, ?> whole, String name) {
    return whole.get(name) instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> object(Object value) {
    return value instanceof Map<?, ?> map ? map : new HashMap<>(Map.of("no object", value));
  }
}
