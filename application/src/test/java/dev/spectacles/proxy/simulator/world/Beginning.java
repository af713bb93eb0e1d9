package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes guilds as the mix says. */
final class Beginning {
  private final World world;
  private final Shapes shapes;

  Beginning(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  WorldGuild addGuild() {
    var mix = world.settings.mix();
    long guildId = shapes.newId();
    var fields = shapes.guild(guildId, world.selfId);
    var guild = new WorldGuild(guildId, fields, Shapes.time(world.timeline.millis()));
    world.guilds.put(guildId, guild);
    add(guild, EntityType.ROLE, guildId, shapes.role(guildId, 0));
    for (int i = 1; i < mix.roles(); i++) {
      long role = shapes.newId();
      add(guild, EntityType.ROLE, role, shapes.role(role, i));
    }
    addChannels(guild, mix.channels());
    addMembers(guild, mix.members());
    for (int i = 0; i < mix.threads(); i++) {
      long thread = shapes.newId();
      long parent = WorldGuild.any(guild.channels(Shapes.TEXT, Shapes.FORUM), world.random);
      add(guild, EntityType.THREAD, thread, publicThread(thread, guild, parent));
    }
    var creator = world.self;
    for (int i = 0; i < mix.emojis(); i++) {
      long emoji = shapes.newId();
      add(guild, EntityType.EMOJI, emoji, shapes.emoji(emoji, creator));
    }
    for (int i = 0; i < mix.stickers(); i++) {
      long sticker = shapes.newId();
      add(guild, EntityType.STICKER, sticker, shapes.sticker(sticker, guildId, creator));
    }
    for (int i = 0; i < mix.sounds(); i++) {
      long sound = shapes.newId();
      add(guild, EntityType.SOUND, sound, shapes.sound(sound, guildId, creator));
    }
    for (int i = 0; i < mix.events(); i++) {
      long event = shapes.newId();
      add(guild, EntityType.EVENT, event, shapes.event(event, guildId, creator, now()));
    }
    var stages = guild.channels(Shapes.STAGE);
    for (int i = 0; i < Math.min(mix.stages(), stages.size()); i++) {
      var stage = shapes.stage(shapes.newId(), guildId, stages.get(i));
      add(guild, EntityType.STAGE, stages.get(i), stage);
    }
    var users = List.copyOf(guild.all(EntityType.MEMBER).keySet());
    for (int i = 0; i < Math.min(mix.voice(), users.size()); i++) {
      long channel = WorldGuild.any(guild.channels(Shapes.VOICE), world.random);
      long user = users.get(i);
      add(guild, EntityType.VOICE, user, shapes.voice(guildId, channel, user));
    }
    return guild;
  }

  Map<String, Object> publicThread(long thread, WorldGuild guild, long parent) {
    return shapes.thread(thread, guild.id, parent, Shapes.PUBLIC_THREAD, now());
  }

  /** Of every seven: a category, a voice channel, a stage, a forum and three of text. */
  private void addChannels(WorldGuild guild, int count) {
    Object category = NULL;
    for (int i = 0; i < count; i++) {
      int type =
          switch (i % 7) {
            case 0 -> Shapes.CATEGORY;
            case 1 -> Shapes.VOICE;
            case 2 -> Shapes.STAGE;
            case 3 -> Shapes.FORUM;
            default -> Shapes.TEXT;
          };
      long channel = shapes.newId();
      Object parent = type == Shapes.CATEGORY ? NULL : category;
      category = type == Shapes.CATEGORY ? id(channel) : category;
      add(guild, EntityType.CHANNEL, channel, shapes.channel(channel, guild.id, type, i, parent));
    }
  }

  /** The bot itself is the first. */
  private void addMembers(WorldGuild guild, int count) {
    for (int i = 0; i < count; i++) {
      var user = i == 0 ? world.self : shapes.user(shapes.newId(), false);
      var roles = new ArrayList<Object>();
      roles.add(id(guild.any(EntityType.ROLE, world.random)));
      long userId = Long.parseLong((String) user.get("id"));
      add(guild, EntityType.MEMBER, userId, shapes.member(user, roles, now()));
    }
  }

  private static void add(
      WorldGuild guild, EntityType type, long which, Map<String, Object> entity) {
    guild.all(type).put(which, entity);
  }

  private long now() {
    return world.timeline.millis();
  }
}
