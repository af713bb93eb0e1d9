package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Emojis, stickers and sounds. */
final class ExpressionSteps {
  private final World world;
  private final Shapes shapes;

  ExpressionSteps(World world) {
    this.world = world;
    shapes = world.shapes;
  }

  void addTo(List<Consumer<WorldGuild>> steps) {
    steps.addAll(List.of(this::emojis, this::stickers, this::sound, this::sounds));
  }

  private void emojis(WorldGuild guild) {
    var emojis = guild.all(EntityType.EMOJI);
    long which = guild.any(EntityType.EMOJI, world.random);
    switch (which == 0 || emojis.size() < 2 ? 0 : world.random.nextInt(3)) {
      case 0 -> {
        long emoji = shapes.newId();
        emojis.put(emoji, shapes.emoji(emoji, world.self));
      }
      case 1 -> emojis.get(which).put("name", "renamed_" + world.random.nextInt(99));
      default -> emojis.remove(which);
    }
    var all = GatewayForm.inGuild(guild, EntityType.EMOJI);
    var data = object("guild_id", id(guild.id), "emojis", all);
    world.send(guild, "GUILD_EMOJIS_UPDATE", data, EntityType.EMOJI);
  }

  private void stickers(WorldGuild guild) {
    var stickers = guild.all(EntityType.STICKER);
    long which = guild.any(EntityType.STICKER, world.random);
    switch (which == 0 ? 0 : world.random.nextInt(stickers.size() > 4 ? 3 : 2)) {
      case 0 -> {
        long sticker = shapes.newId();
        stickers.put(sticker, shapes.sticker(sticker, guild.id, world.self));
      }
      case 1 -> stickers.get(which).put("description", shapes.words(4));
      default -> stickers.clear();
    }
    var all = GatewayForm.inGuild(guild, EntityType.STICKER);
    var data = object("guild_id", id(guild.id), "stickers", all);
    world.send(guild, "GUILD_STICKERS_UPDATE", data, EntityType.STICKER);
  }

  private void sound(WorldGuild guild) {
    var sounds = guild.all(EntityType.SOUND);
    long which = guild.any(EntityType.SOUND, world.random);
    int choice = world.random.nextInt(3);
    if (which == 0 || choice == 0 && sounds.size() < 6) {
      which = shapes.newId();
      sounds.put(which, shapes.sound(which, guild.id, world.self));
      send(guild, "GUILD_SOUNDBOARD_SOUND_CREATE", which);
    } else if (choice == 1) {
      sounds.get(which).put("name", shapes.words(1));
      send(guild, "GUILD_SOUNDBOARD_SOUND_UPDATE", which);
    } else {
      var before = GatewayForm.of(guild, EntityType.SOUND, which);
      sounds.remove(which);
      var gone = object("sound_id", id(which), "guild_id", id(guild.id));
      world.send(guild, "GUILD_SOUNDBOARD_SOUND_DELETE", gone, EntityType.SOUND);
      world.sendGhost(guild, "GUILD_SOUNDBOARD_SOUND_UPDATE", before, EntityType.SOUND);
    }
  }

  /** Some at once, which need not be all; or all, as if somebody had asked for them. */
  private void sounds(WorldGuild guild) {
    var changed = new ArrayList<Object>();
    for (long sound : guild.all(EntityType.SOUND).keySet()) {
      if (world.random.nextBoolean()) {
        guild.get(EntityType.SOUND, sound).put("available", world.random.nextBoolean());
        changed.add(GatewayForm.of(guild, EntityType.SOUND, sound));
      }
    }
    if (!changed.isEmpty()) {
      var data = object("guild_id", id(guild.id), "soundboard_sounds", changed);
      world.send(guild, "GUILD_SOUNDBOARD_SOUNDS_UPDATE", data, EntityType.SOUND);
    }
    if (world.random.nextInt(4) == 0) {
      var all = GatewayForm.inGuild(guild, EntityType.SOUND);
      var data = object("guild_id", id(guild.id), "soundboard_sounds", all);
      world.send(guild, "SOUNDBOARD_SOUNDS", data, EntityType.SOUND);
    }
  }

  private void send(WorldGuild guild, String name, long sound) {
    world.send(guild, name, GatewayForm.of(guild, EntityType.SOUND, sound), EntityType.SOUND);
  }
}
