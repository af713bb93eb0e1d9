package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Channels: those that come and go, and those that the bot may view or not. */
final class ChannelSteps {
  private static final EntityType CHANNEL = EntityType.CHANNEL;
  private static final EntityType THREAD = EntityType.THREAD;

  private final World world;
  private final Shapes shapes;

  ChannelSteps(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  void addTo(List<Consumer<WorldGuild>> steps) {
    steps.addAll(
        List.of(
            this::create,
            this::rename,
            this::rename,
            this::delete,
            this::pin,
            this::hide,
            this::show,
            this::stage,
            this::info));
  }

  private void create(WorldGuild guild) {
    if (guild.all(CHANNEL).size() >= 2 * world.settings.mix().channels()) {
      return;
    }
    int[] types = {
      Shapes.TEXT, Shapes.VOICE, Shapes.CATEGORY, Shapes.STAGE, Shapes.FORUM, Shapes.TEXT
    };
    int type = types[world.random.nextInt(types.length)];
    long category = WorldGuild.any(guild.channels(Shapes.CATEGORY), world.random);
    Object parent = type == Shapes.CATEGORY || category == 0 ? NULL : id(category);
    create(guild, type, object("parent_id", parent, "position", world.random.nextInt(50)));
  }

  long create(WorldGuild guild, int type, Map<String, Object> wanted) {
    long channel = shapes.newId();
    var entity = shapes.channel(channel, guild.id, type, 0, NULL);
    entity.putAll(wanted);
    guild.all(CHANNEL).put(channel, entity);
    send(guild, "CHANNEL_CREATE", channel);
    return channel;
  }

  private void rename(WorldGuild guild) {
    long channel = guild.any(CHANNEL, world.random);
    var position = world.random.nextInt(50);
    update(guild, channel, object("name", shapes.words(2), "position", position));
  }

  /** The event may leave out the last message, which it is not about. */
  void update(WorldGuild guild, long channel, Map<String, Object> wanted) {
    guild.get(CHANNEL, channel).putAll(wanted);
    var data = GatewayForm.of(guild, CHANNEL, channel);
    if (!guild.isHidden(channel) && world.random.nextInt(4) == 0) {
      data.remove("last_message_id");
    }
    world.send(guild, "CHANNEL_UPDATE", data, CHANNEL, THREAD);
  }

  private void delete(WorldGuild guild) {
    if (guild.all(CHANNEL).size() > world.settings.mix().channels() / 2) {
      delete(guild, guild.any(CHANNEL, world.random));
    }
  }

  void delete(WorldGuild guild, long channel) {
    var data = GatewayForm.of(guild, CHANNEL, channel);
    emptyVoice(guild, channel);
    guild.all(CHANNEL).remove(channel);
    guild.hidden.remove(channel);
    guild.all(EntityType.STAGE).remove(channel);
    guild.all(EntityType.CHANNEL_INFO).remove(channel);
    guild.all(THREAD).values().removeIf(thread -> thread.get("parent_id").equals(id(channel)));
    guild.archived.values().removeIf(thread -> thread.get("parent_id").equals(id(channel)));
    world.send(
        guild, "CHANNEL_DELETE", data, CHANNEL, THREAD, EntityType.STAGE, EntityType.CHANNEL_INFO);
    world.sendGhost(guild, "CHANNEL_UPDATE", data, CHANNEL);
    for (var child : guild.all(CHANNEL).entrySet()) {
      if (id(channel).equals(child.getValue().get("parent_id"))) {
        update(guild, child.getKey(), object("parent_id", NULL));
      }
    }
  }

  private void emptyVoice(WorldGuild guild, long channel) {
    var states = guild.all(EntityType.VOICE);
    for (long user : List.copyOf(states.keySet())) {
      if (states.get(user).get("channel_id").equals(id(channel))) {
        var data = GatewayForm.of(guild, EntityType.VOICE, user);
        data.put("channel_id", NULL);
        states.remove(user);
        world.send(guild, "VOICE_STATE_UPDATE", data, EntityType.VOICE, EntityType.MEMBER);
      }
    }
  }

  private void pin(WorldGuild guild) {
    long channel = WorldGuild.any(guild.channels(Shapes.TEXT), world.random);
    if (channel != 0 && !guild.isHidden(channel)) {
      Object time = world.random.nextBoolean() ? NULL : Shapes.time(world.timeline.millis());
      guild.get(CHANNEL, channel).put("last_pin_timestamp", time);
      var data =
          object("guild_id", id(guild.id), "channel_id", id(channel), "last_pin_timestamp", time);
      world.send(guild, "CHANNEL_PINS_UPDATE", data, CHANNEL, THREAD);
    }
  }

  /** The bot may not view a channel any more; of its threads nothing is said. */
  private void hide(WorldGuild guild) {
    long channel = WorldGuild.any(guild.channels(Shapes.TEXT, Shapes.FORUM), world.random);
    if (channel != 0 && guild.hidden.size() < 3 && guild.hidden.add(channel)) {
      send(guild, "CHANNEL_UPDATE", channel);
    }
  }

  private void show(WorldGuild guild) {
    long channel = WorldGuild.any(List.copyOf(guild.hidden), world.random);
    if (channel != 0) {
      guild.hidden.remove(channel);
      send(guild, "CHANNEL_UPDATE", channel);
      new ThreadSteps(world).sendList(guild, List.of(channel));
    }
  }

  private void stage(WorldGuild guild) {
    long channel = WorldGuild.any(guild.channels(Shapes.STAGE), world.random);
    var stages = guild.all(EntityType.STAGE);
    if (channel == 0) {
      return;
    }
    if (!stages.containsKey(channel)) {
      stages.put(channel, shapes.stage(shapes.newId(), guild.id, channel));
      sendStage(guild, "STAGE_INSTANCE_CREATE", channel);
    } else if (world.random.nextBoolean()) {
      stages.get(channel).put("topic", shapes.words(5));
      sendStage(guild, "STAGE_INSTANCE_UPDATE", channel);
    } else {
      sendStage(guild, "STAGE_INSTANCE_DELETE", channel);
      stages.remove(channel);
    }
  }

  private void sendStage(WorldGuild guild, String name, long channel) {
    var data = GatewayForm.of(guild, EntityType.STAGE, channel);
    world.send(guild, name, data, EntityType.STAGE);
  }

  /** What voice channels have beside themselves. */
  private void info(WorldGuild guild) {
    long channel = WorldGuild.any(guild.channels(Shapes.VOICE), world.random);
    if (channel == 0 || !guild.available) {
      return;
    }
    var all = guild.all(EntityType.CHANNEL_INFO);
    var info = all.computeIfAbsent(channel, any -> object("id", id(channel)));
    if (world.random.nextBoolean()) {
      info.put("status", world.random.nextInt(3) == 0 ? NULL : shapes.words(2));
      sendInfo(guild, "VOICE_CHANNEL_STATUS_UPDATE", channel, "status", info);
    } else {
      info.put("voice_start_time", (int) (world.timeline.millis() / 1000));
      sendInfo(guild, "VOICE_CHANNEL_START_TIME_UPDATE", channel, "voice_start_time", info);
    }
    if (world.random.nextInt(4) == 0) {
      var data = object("guild_id", id(guild.id), "channels", new ArrayList<>(all.values()));
      world.send(guild, "CHANNEL_INFO", data, EntityType.CHANNEL_INFO);
    }
  }

  private void sendInfo(
      WorldGuild guild, String name, long channel, String field, Map<String, Object> info) {
    var data = object("id", id(channel), "guild_id", id(guild.id), field, info.get(field));
    world.send(guild, name, data, EntityType.CHANNEL_INFO);
  }

  private void send(WorldGuild guild, String name, long channel) {
    world.send(guild, name, GatewayForm.of(guild, CHANNEL, channel), CHANNEL, THREAD);
  }
}
