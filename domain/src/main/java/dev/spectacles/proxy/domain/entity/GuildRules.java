package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.id;

import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Guilds as such: told as a whole, changed, out of order, left. */
final class GuildRules {
  /** What is kept beside the guild, or only in it while it is told. */
  static final List<String> LISTS =
      List.of(
          "roles",
          "emojis",
          "stickers",
          "voice_states",
          "members",
          "channels",
          "threads",
          "presences",
          "stage_instances",
          "guild_scheduled_events",
          "soundboard_sounds");

  private static final String UNAVAILABLE = "unavailable";

  private GuildRules() {}

  static Effect created(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = id(event, "id");
    return event.data().isTrue(UNAVAILABLE)
        ? unavailable(event, guild, kept)
        : GuildSnapshot.of(event, kept).effect(event, guild, kept);
  }

  static Effect deleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = id(event, "id");
    return event.data().isTrue(UNAVAILABLE)
        ? unavailable(event, guild, kept)
        : Touch.of(event, guild).changeOfAny(kept, GuildView::drop);
  }

  private static Effect unavailable(GatewayEvent event, long guild, Kept kept) {
    return Touch.of(event, guild)
        .changeOfAny(
            kept, view -> view.note(view.state().with(Standing.UNAVAILABLE).at(event.millis())));
  }

  /** Has all that REST tells of a guild, but not what only {@code GUILD_CREATE} tells. */
  static Effect updated(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = id(event, "id");
    SortedMap<Long, JsonObject> roles = Fields.byId(event, "roles", "id");
    SortedMap<Long, JsonObject> emojis = Fields.byId(event, "emojis", "id");
    SortedMap<Long, JsonObject> stickers = Fields.byId(event, "stickers", "id");
    JsonObject told = event.data().without(LISTS);
    return Touch.of(event, guild)
        .entity(EntityType.GUILD, guild)
        .replaced(EntityType.ROLE)
        .all(EntityType.EMOJI)
        .all(EntityType.STICKER)
        .change(
            kept,
            view -> {
              Lasting.change(view, EntityType.GUILD, guild, older -> older.mergedWith(told));
              if (Fields.hasList(event.data(), "roles")) {
                replaceAll(view, EntityType.ROLE, roles);
              }
              if (Fields.hasList(event.data(), "emojis")) {
                ExpressionRules.replaceAll(view, EntityType.EMOJI, emojis);
              }
              if (Fields.hasList(event.data(), "stickers")) {
                ExpressionRules.replaceAll(view, EntityType.STICKER, stickers);
              }
              if (kept.has(EntityType.GUILD)) {
                view.note(complete(view.state()));
              }
            });
  }

  /** Keeps exactly these, but for those that were deleted. */
  static void replaceAll(GuildView view, EntityType type, SortedMap<Long, JsonObject> told) {
    var newer = new TreeMap<>(told);
    newer.keySet().removeIf(id -> view.isBuried(type, id));
    view.replaceAll(type, newer);
  }

  private static GuildState complete(GuildState state) {
    return new GuildState(
        state.standing(),
        state.syncedMillis(),
        state.eventMillis(),
        state.membersComplete(),
        true,
        state.counts());
  }
}
