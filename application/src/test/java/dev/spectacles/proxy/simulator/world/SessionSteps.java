package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.List;
import java.util.TreeMap;

/** Connections, guilds joined and left, outages. */
final class SessionSteps {
  private final World world;

  /** Guilds that the bot may be invited to again. */
  private final TreeMap<Long, WorldGuild> former = new TreeMap<>();

  SessionSteps(World world) {
    this.world = world;
  }

  /** A shard begins anew. */
  void connect(int shard) {
    world.timeline.sendAlone("READY", world.ready(shard));
    for (var guild : List.copyOf(world.guilds.values())) {
      if (world.shardOf(guild.id) == shard && guild.available) {
        create(guild);
      }
    }
  }

  /** A shard begins anew; meanwhile one of its guilds may have been left, and others changed. */
  void reconnect() {
    int shard = world.random.nextInt(world.settings.shards());
    if (world.guilds.size() > 2 && world.random.nextBoolean()) {
      var guild = any();
      if (world.shardOf(guild.id) == shard) {
        leave(guild);
      }
    }
    connect(shard);
  }

  /** Something about a guild as a whole. */
  void change() {
    switch (world.random.nextInt(5)) {
      case 0 -> {
        if (world.guilds.size() > 2) {
          var guild = any();
          world.timeline.sendAlone("GUILD_DELETE", object("id", id(guild.id)));
          leave(guild);
        }
      }
      case 1 -> {
        var guild =
            former.isEmpty() ? new Beginning(world).addGuild() : former.pollFirstEntry().getValue();
        world.guilds.put(guild.id, guild);
        create(guild);
      }
      case 2, 3 -> endOutages();
      default -> {
        var guild = any();
        if (guild.available) {
          guild.available = false;
          var data = object("id", id(guild.id), "unavailable", true);
          world.timeline.sendAlone("GUILD_DELETE", data);
        }
      }
    }
  }

  void endOutages() {
    for (var guild : world.guilds.values()) {
      if (!guild.available) {
        guild.available = true;
        create(guild);
      }
    }
  }

  private void create(WorldGuild guild) {
    var data = GatewayForm.create(guild);
    data.put("unavailable", false);
    world.timeline.sendAlone("GUILD_CREATE", data);
  }

  private void leave(WorldGuild guild) {
    world.guilds.remove(guild.id);
    former.put(guild.id, guild);
    guild.available = true;
    guild.toldInFull = false;
    guild.all(EntityType.AUTOMOD).clear();
    guild.all(EntityType.INTEGRATION).clear();
    guild.all(EntityType.CHANNEL_INFO).clear();
  }

  private WorldGuild any() {
    var ids = List.copyOf(world.guilds.keySet());
    return world.guilds.get(WorldGuild.any(ids, world.random));
  }
}
