package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.guild;
import static dev.spectacles.proxy.domain.entity.Fields.id;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Emojis, stickers and sounds. The gateway never tells who made one, REST may have: that is kept.
 */
final class ExpressionRules {
  private static final List<String> MAKER = List.of("user");
  private static final String SOUNDS = "soundboard_sounds";
  private static final String SOUND_ID = "sound_id";

  private ExpressionRules() {}

  /** Rule for all emojis or stickers of a guild at once. */
  static Rule allTold(EntityType type, String list) {
    return (event, kept) -> {
      SortedMap<Long, JsonObject> told = Fields.byId(event, list, "id");
      return Touch.of(event, guild(event))
          .all(type)
          .change(kept, view -> replaceAll(view, type, told));
    };
  }

  static Effect soundsTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    SortedMap<Long, JsonObject> told = Fields.byId(event, SOUNDS, SOUND_ID);
    return Touch.of(event, guild(event))
        .all(EntityType.SOUND)
        .change(kept, view -> replaceAll(view, EntityType.SOUND, told));
  }

  /** Whether the list is all that there are is not certain: none is removed. */
  static Effect soundsChanged(GatewayEvent event, Kept kept) throws InvalidEventException {
    return soundsPut(event, Fields.byId(event, SOUNDS, SOUND_ID), kept);
  }

  static Effect soundTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    var sound = new TreeMap<Long, JsonObject>();
    sound.put(id(event, SOUND_ID), event.data());
    return soundsPut(event, sound, kept);
  }

  static Effect soundDeleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    long id = id(event, SOUND_ID);
    return Touch.of(event, guild(event))
        .entity(EntityType.SOUND, id)
        .change(kept, view -> Lasting.delete(view, EntityType.SOUND, id, event));
  }

  /** Keeps exactly these, but for those that were deleted. */
  static void replaceAll(GuildView view, EntityType type, SortedMap<Long, JsonObject> told) {
    SortedMap<Long, JsonObject> older = view.all(type);
    var newer = new TreeMap<Long, JsonObject>();
    told.forEach(
        (id, entity) -> {
          if (!view.isBuried(type, id)) {
            newer.put(id, withMaker(entity, Optional.ofNullable(older.get(id))));
          }
        });
    view.replaceAll(type, newer);
  }

  private static Effect soundsPut(GatewayEvent event, SortedMap<Long, JsonObject> sounds, Kept kept)
      throws InvalidEventException {
    Touch touch = Touch.of(event, guild(event));
    sounds.keySet().forEach(id -> touch.entity(EntityType.SOUND, id));
    return touch.change(
        kept,
        view ->
            sounds.forEach(
                (id, sound) ->
                    Lasting.put(
                        view,
                        EntityType.SOUND,
                        id,
                        withMaker(sound, view.get(EntityType.SOUND, id)))));
  }

  private static JsonObject withMaker(JsonObject newer, Optional<JsonObject> older) {
    return Fields.keeping(newer, older, MAKER);
  }
}
