package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.copy;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the gateway shows what REST shows in another way. */
final class GatewayForm {
  /** What {@code GUILD_CREATE} leaves out, and {@code GUILD_UPDATE} does not. */
  static final Set<String> ONLY_UPDATED =
      Set.of("widget_enabled", "widget_channel_id", "max_members", "max_presences");

  static final int OBFUSCATED = 1 << 17;

  private GatewayForm() {}

  /** Entity as an event about it has it. */
  static Map<String, Object> of(WorldGuild guild, EntityType type, long which) {
    var entity = copy(guild.get(type, which));
    switch (type) {
      case EMOJI, STICKER, SOUND -> entity.remove("user");
      case EVENT -> {
        entity.remove("creator");
        entity.put("user_count", 7);
      }
      case CHANNEL -> {
        if (guild.isHidden(which)) {
          return obfuscated(entity);
        }
      }
      case THREAD -> entity.remove("member");
      case MEMBER, PRESENCE, INTEGRATION -> entity.put("guild_id", id(guild.id));
      case VOICE -> {
        if (guild.all(EntityType.MEMBER).containsKey(which)) {
          entity.put("member", copy(guild.get(EntityType.MEMBER, which)));
        }
      }
      default -> {}
    }
    return entity;
  }

  /** A channel that the bot cannot view. */
  static Map<String, Object> obfuscated(Map<String, Object> channel) {
    int flags = (Integer) channel.get("flags") | OBFUSCATED;
    var guild = channel.get("guild_id");
    var overwrite = object("id", guild, "type", 0, "allow", "0", "deny", "1024");
    return object(
        "id",
        channel.get("id"),
        "type",
        channel.get("type"),
        "guild_id",
        guild,
        "position",
        channel.get("position"),
        "parent_id",
        channel.get("parent_id"),
        "name",
        "___hidden___",
        "topic",
        NULL,
        "last_message_id",
        NULL,
        "flags",
        flags,
        "permission_overwrites",
        List.of(overwrite));
  }

  static Map<String, Object> create(WorldGuild guild) {
    var created = copy(guild.fields);
    created.keySet().removeAll(ONLY_UPDATED);
    var members = inGuild(guild, EntityType.MEMBER);
    created.putAll(
        object(
            "joined_at",
            guild.joinedAt,
            "large",
            false,
            "lazy",
            true,
            "member_count",
            members.size(),
            "version",
            guild.id >>> 30,
            "roles",
            inGuild(guild, EntityType.ROLE),
            "emojis",
            inGuild(guild, EntityType.EMOJI),
            "stickers",
            inGuild(guild, EntityType.STICKER),
            "channels",
            inGuild(guild, EntityType.CHANNEL),
            "threads",
            threads(guild),
            "voice_states",
            inGuild(guild, EntityType.VOICE),
            "members",
            members,
            "presences",
            inGuild(guild, EntityType.PRESENCE),
            "stage_instances",
            inGuild(guild, EntityType.STAGE),
            "guild_scheduled_events",
            inGuild(guild, EntityType.EVENT),
            "soundboard_sounds",
            inGuild(guild, EntityType.SOUND),
            "embedded_activities",
            List.of()));
    return created;
  }

  static Map<String, Object> update(WorldGuild guild) {
    var updated = copy(guild.fields);
    updated.putAll(
        object(
            "roles",
            inGuild(guild, EntityType.ROLE),
            "emojis",
            inGuild(guild, EntityType.EMOJI),
            "stickers",
            inGuild(guild, EntityType.STICKER)));
    return updated;
  }

  /** All of a type as the guild's own events have them, which need not say whose they are. */
  static List<Object> inGuild(WorldGuild guild, EntityType type) {
    var entities = new ArrayList<Object>();
    for (long which : guild.all(type).keySet()) {
      var entity = of(guild, type, which);
      switch (type) {
        case CHANNEL, MEMBER, PRESENCE -> entity.remove("guild_id");
        case VOICE -> entity.keySet().removeAll(Set.of("guild_id", "member"));
        default -> {}
      }
      entities.add(entity);
    }
    return entities;
  }

  /** Threads that the bot sees, with what it is in them. */
  private static List<Object> threads(WorldGuild guild) {
    var threads = new ArrayList<Object>();
    for (var thread : guild.all(EntityType.THREAD).values()) {
      if (guild.sees(thread)) {
        var shown = copy(thread);
        shown.remove("guild_id");
        threads.add(shown);
      }
    }
    return threads;
  }
}
