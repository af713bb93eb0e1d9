package dev.spectacles.proxy.simulator.world;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes the world as REST is asked to, which the gateway tells afterwards. */
final class WorldWrites {
  private static final Set<String> FIXED = Set.of("id", "guild_id", "type", "roles", "emojis");

  private static final Set<String> KNOWN =
      Set.of(
          "PATCH /guilds/#",
          "POST /guilds/#/roles",
          "PATCH /guilds/#/roles/#",
          "DELETE /guilds/#/roles/#",
          "POST /guilds/#/channels",
          "PATCH /channels/#",
          "DELETE /channels/#");

  private final World world;
  private final WorldRest rest;
  private final GuildSteps guildSteps;
  private final ChannelSteps channelSteps;

  WorldWrites(World world) {
    this.world = world;
    rest = new WorldRest(world);
    guildSteps = new GuildSteps(world);
    channelSteps = new ChannelSteps(world);
  }

  /** Answer to a write; empty if it is about nothing that is modelled. */
  Optional<RestAnswer> write(String method, String target, String body) {
    var plain = target.replaceAll("\\?.*", "").replaceAll("/\\d+(?=/|$)", "/#");
    var parts = target.substring(1).replaceAll("\\?.*", "").split("/");
    var asked = method + " " + plain;
    if (!KNOWN.contains(asked)) {
      return Optional.empty();
    }
    var wanted = body.isBlank() ? Map.<String, Object>of() : JsonText.readObject(body);
    return switch (asked) {
      case "PATCH /guilds/#" ->
          guild(parts)
              .map(
                  guild -> {
                    guild.fields.putAll(only(guild.fields, wanted));
                    guildSteps.sendUpdate(guild);
                    return told("/guilds/" + guild.id);
                  });
      case "POST /guilds/#/roles" ->
          guild(parts)
              .map(
                  guild -> {
                    var like = guild.get(EntityType.ROLE, guild.id);
                    long role = guildSteps.createRole(guild, only(like, wanted));
                    return told("/guilds/" + guild.id + "/roles/" + role);
                  });
      case "PATCH /guilds/#/roles/#", "DELETE /guilds/#/roles/#" ->
          guild(parts).map(guild -> role(guild, Long.parseLong(parts[3]), method, wanted));
      case "POST /guilds/#/channels" ->
          guild(parts)
              .map(
                  guild -> {
                    var type = Integer.parseInt(wanted.getOrDefault("type", 0).toString());
                    var like = world.shapes.channel(0, 0, type, 0, JsonText.NULL);
                    long channel = channelSteps.create(guild, type, only(like, wanted));
                    return new RestAnswer(201, told("/channels/" + channel).body());
                  });
      default -> Optional.of(channel(Long.parseLong(parts[1]), method, wanted));
    };
  }

  private RestAnswer role(WorldGuild guild, long role, String method, Map<String, Object> wanted) {
    var path = "/guilds/" + guild.id + "/roles/" + role;
    var found = guild.all(EntityType.ROLE).get(role);
    if (found == null) {
      return told(path);
    }
    if (method.equals("DELETE")) {
      guildSteps.deleteRole(guild, role);
      return new RestAnswer(204, "");
    }
    guildSteps.updateRole(guild, role, only(found, wanted));
    return told(path);
  }

  private RestAnswer channel(long channel, String method, Map<String, Object> wanted) {
    var path = "/channels/" + channel;
    var before = told(path);
    for (var guild : List.copyOf(world.guilds.values())) {
      var found = guild.all(EntityType.CHANNEL).get(channel);
      if (found == null || guild.isHidden(channel)) {
        continue;
      }
      if (method.equals("DELETE")) {
        channelSteps.delete(guild, channel);
        return before;
      }
      channelSteps.update(guild, channel, only(found, wanted));
      return told(path);
    }
    return before;
  }

  /** What can be changed of what is there. */
  private static Map<String, Object> only(Map<String, Object> like, Map<String, Object> wanted) {
    var changes = JsonText.copy(wanted);
    changes.keySet().retainAll(like.keySet());
    changes.keySet().removeAll(FIXED);
    return changes;
  }

  private Optional<WorldGuild> guild(String[] parts) {
    return Optional.ofNullable(world.guilds.get(Long.parseLong(parts[1])));
  }

  private RestAnswer told(String path) {
    return rest.get(path).orElseThrow();
  }
}
