package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.copy;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Discord's REST API would answer the bot about its world. */
public final class WorldRest {
  /** Status of a scheduled event that is over; the next one is of those called off. */
  private static final int FIRST_OVER = 3;

  private final World world;

  public WorldRest(World world) {
    this.world = world;
  }

  /** Every path of one guild that a cache of the gateway's events may answer. */
  public List<String> paths(long guildId) {
    var guild = world.guilds.get(guildId);
    var paths = new ArrayList<String>();
    String base = "/guilds/" + guildId;
    paths.add(base);
    for (String list :
        List.of(
            "/channels",
            "/roles",
            "/emojis",
            "/stickers",
            "/soundboard-sounds",
            "/scheduled-events",
            "/threads/active",
            "/members?limit=1000")) {
      paths.add(base + list);
    }
    Map.of(
            EntityType.ROLE, base + "/roles/",
            EntityType.EMOJI, base + "/emojis/",
            EntityType.STICKER, base + "/stickers/",
            EntityType.SOUND, base + "/soundboard-sounds/",
            EntityType.EVENT, base + "/scheduled-events/",
            EntityType.MEMBER, base + "/members/",
            EntityType.VOICE, base + "/voice-states/",
            EntityType.CHANNEL, "/channels/",
            EntityType.THREAD, "/channels/",
            EntityType.STAGE, "/stage-instances/")
        .forEach((type, path) -> guild.all(type).keySet().forEach(id -> paths.add(path + id)));
    return paths;
  }

  /**
   * Answer to a GET; empty if it is about nothing that is modelled.
   *
   * @param target path without version, with its query
   */
  public Optional<RestAnswer> get(String target) {
    var query = target.indexOf('?') < 0 ? "" : target.substring(target.indexOf('?') + 1);
    var path = target.substring(0, target.length() - query.length()).replace("?", "");
    var parts = List.of(path.substring(1).split("/"));
    return switch (parts.getFirst()) {
      case "guilds" -> parts.size() < 2 ? Optional.empty() : guild(parts, query);
      case "channels" ->
          parts.size() == 2 ? Optional.of(channel(number(parts, 1))) : Optional.empty();
      case "stage-instances" -> Optional.of(stage(number(parts, 1)));
      case "users" -> user(parts);
      default -> Optional.empty();
    };
  }

  private Optional<RestAnswer> guild(List<String> parts, String query) {
    var guild = world.guilds.get(number(parts, 1));
    if (guild == null) {
      return Optional.of(RestAnswer.error(404, 10004, "Unknown Guild"));
    }
    if (parts.size() == 2) {
      return Optional.of(RestAnswer.ok(whole(guild, query)));
    }
    boolean one = parts.size() == 4;
    return switch (parts.get(2)) {
      case "channels" -> Optional.of(RestAnswer.ok(channels(guild)));
      case "threads" -> Optional.of(RestAnswer.ok(activeThreads(guild)));
      case "roles" -> some(guild, EntityType.ROLE, one, parts, 10011);
      case "emojis" -> some(guild, EntityType.EMOJI, one, parts, 10014);
      case "stickers" -> some(guild, EntityType.STICKER, one, parts, 10060);
      case "scheduled-events" ->
          parts.size() > 3
              ? some(guild, EntityType.EVENT, one, parts, 10070)
              : Optional.of(RestAnswer.ok(events(guild)));
      case "soundboard-sounds" ->
          one
              ? some(guild, EntityType.SOUND, true, parts, 10097)
              : Optional.of(RestAnswer.ok(object("items", all(guild, EntityType.SOUND))));
      case "members" ->
          one
              ? some(guild, EntityType.MEMBER, true, parts, 10007)
              : Optional.of(RestAnswer.ok(members(guild, query)));
      case "voice-states" ->
          one ? some(guild, EntityType.VOICE, true, parts, 10065) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Map<String, Object> whole(WorldGuild guild, String query) {
    var whole = copy(guild.fields);
    whole.putAll(
        object(
            "roles",
            all(guild, EntityType.ROLE),
            "emojis",
            all(guild, EntityType.EMOJI),
            "stickers",
            all(guild, EntityType.STICKER)));
    if (query.contains("with_counts=true")) {
      whole.put("approximate_member_count", guild.all(EntityType.MEMBER).size());
      whole.put("approximate_presence_count", guild.all(EntityType.PRESENCE).size());
    }
    return whole;
  }

  private static List<Object> channels(WorldGuild guild) {
    var seen = new ArrayList<Object>();
    guild
        .all(EntityType.CHANNEL)
        .forEach(
            (channel, entity) -> {
              if (!guild.isHidden(channel)) {
                seen.add(entity);
              }
            });
    return seen;
  }

  private Map<String, Object> activeThreads(WorldGuild guild) {
    var threads = new ArrayList<Object>();
    var members = new ArrayList<Object>();
    for (var thread : guild.all(EntityType.THREAD).descendingMap().values()) {
      if (guild.sees(thread)) {
        var shown = copy(thread);
        var member = shown.remove("member");
        threads.add(shown);
        if (member instanceof Map<?, ?> own) {
          members.add(own);
        }
      }
    }
    return object("threads", threads, "members", members, "has_more", false);
  }

  private static List<Object> members(WorldGuild guild, String query) {
    long after = parameter(query, "after", 0);
    long limit = parameter(query, "limit", 1);
    return guild.all(EntityType.MEMBER).tailMap(after, false).values().stream()
        .limit(limit)
        .<Object>map(member -> member)
        .toList();
  }

  /** Those that are neither over nor called off. */
  private static List<Object> events(WorldGuild guild) {
    return guild.all(EntityType.EVENT).values().stream()
        .filter(event -> Integer.parseInt(event.get("status").toString()) < FIRST_OVER)
        .<Object>map(event -> event)
        .toList();
  }

  private RestAnswer channel(long channel) {
    for (var guild : world.guilds.values()) {
      var found = guild.all(EntityType.CHANNEL).get(channel);
      if (found != null) {
        return guild.isHidden(channel) ? RestAnswer.missingAccess() : RestAnswer.ok(found);
      }
      for (var threads : List.of(guild.all(EntityType.THREAD), guild.archived)) {
        var thread = threads.get(channel);
        if (thread != null) {
          return guild.sees(thread) ? RestAnswer.ok(thread) : RestAnswer.missingAccess();
        }
      }
    }
    return RestAnswer.error(404, 10003, "Unknown Channel");
  }

  private RestAnswer stage(long channel) {
    for (var guild : world.guilds.values()) {
      var stage = guild.all(EntityType.STAGE).get(channel);
      if (stage != null) {
        return RestAnswer.ok(stage);
      }
    }
    return RestAnswer.error(404, 10067, "Unknown Stage Instance");
  }

  private Optional<RestAnswer> user(List<String> parts) {
    if (parts.size() != 2 || !List.of("@me", id(world.selfId)).contains(parts.get(1))) {
      return Optional.empty();
    }
    var user = copy(world.self);
    user.putAll(object("banner", JsonText.NULL, "accent_color", 7));
    if (parts.get(1).equals("@me")) {
      user.putAll(object("email", JsonText.NULL, "verified", true, "locale", "en-US"));
      user.putAll(object("mfa_enabled", true, "premium_type", 0));
    }
    return Optional.of(RestAnswer.ok(user));
  }

  private Optional<RestAnswer> some(
      WorldGuild guild, EntityType type, boolean one, List<String> parts, int code) {
    if (!one) {
      return parts.size() == 3 ? Optional.of(RestAnswer.ok(all(guild, type))) : Optional.empty();
    }
    long which = parts.get(3).equals("@me") ? world.selfId : number(parts, 3);
    var found = guild.all(type).get(which);
    return Optional.of(
        found == null ? RestAnswer.error(404, code, "Unknown") : RestAnswer.ok(found));
  }

  private static Collection<?> all(WorldGuild guild, EntityType type) {
    return List.copyOf(guild.all(type).values());
  }

  private static long number(List<String> parts, int index) {
    var part = index < parts.size() ? parts.get(index) : "";
    return part.matches("\\d{1,19}") ? Long.parseUnsignedLong(part) : 0;
  }

  private static long parameter(String query, String name, long otherwise) {
    for (String part : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return Long.parseLong(part.substring(name.length() + 1));
      }
    }
    return otherwise;
  }
}
