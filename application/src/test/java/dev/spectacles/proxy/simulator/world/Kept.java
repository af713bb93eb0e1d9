package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.copy;

import dev.spectacles.proxy.domain.entity.EntityType;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What somebody who heard every event should have kept. */
final class Kept {
  private Kept() {}

  static Map<EntityType, SortedMap<Long, String>> of(WorldGuild guild) {
    var kept = new EnumMap<EntityType, SortedMap<Long, String>>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      var entities = new TreeMap<Long, String>();
      for (long which : guild.all(type).keySet()) {
        if (type != EntityType.THREAD || guild.sees(guild.get(type, which))) {
          entities.put(which, JsonText.write(entity(guild, type, which)));
        }
      }
      kept.put(type, entities);
    }
    var fields = copy(guild.fields);
    if (!guild.toldInFull) {
      fields.keySet().removeAll(GatewayForm.ONLY_UPDATED);
    }
    fields.put("joined_at", guild.joinedAt);
    fields.put("large", false);
    kept.get(EntityType.GUILD).put(guild.id, JsonText.write(fields));
    return kept;
  }

  private static Map<String, Object> entity(WorldGuild guild, EntityType type, long which) {
    var entity = copy(guild.get(type, which));
    switch (type) {
      case EMOJI, STICKER, SOUND -> entity.remove("user");
      case EVENT -> entity.remove("creator");
      case CHANNEL -> {
        if (guild.isHidden(which)) {
          return GatewayForm.obfuscated(entity);
        }
      }
      default -> {}
    }
    return entity;
  }
}
