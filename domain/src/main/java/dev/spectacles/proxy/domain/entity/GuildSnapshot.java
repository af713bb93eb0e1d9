package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.byId;
import static dev.spectacles.proxy.domain.entity.Fields.byUser;
import static dev.spectacles.proxy.domain.entity.Fields.hasList;
import static dev.spectacles.proxy.domain.entity.Fields.withGuild;

import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A guild as {@code GUILD_CREATE} tells it.
 *
 * @param lists what is in it by type, as far as it has the lists
 * @param complete whether its members are all that there are, and its presences those of all of
 *     them
 */
record GuildSnapshot(
    JsonObject guild, Map<EntityType, SortedMap<Long, JsonObject>> lists, boolean complete) {
  /** What only REST and {@code GUILD_UPDATE} tell. */
  private static final List<String> UNTOLD =
      List.of("widget_enabled", "widget_channel_id", "max_members", "max_presences");

  /** Lists that are never but whole, and have nothing that was learnt elsewhere. */
  private static final List<EntityType> WHOLE =
      List.of(
          EntityType.ROLE,
          EntityType.CHANNEL,
          EntityType.EVENT,
          EntityType.STAGE,
          EntityType.VOICE);

  private static final List<EntityType> EXPRESSIONS =
      List.of(EntityType.EMOJI, EntityType.STICKER, EntityType.SOUND);
  private static final List<EntityType> PEOPLE = List.of(EntityType.MEMBER, EntityType.PRESENCE);

  static GuildSnapshot of(GatewayEvent event, Kept kept) throws InvalidEventException {
    long guild = Fields.id(event, "id");
    var lists = new EnumMap<EntityType, SortedMap<Long, JsonObject>>(EntityType.class);
    if (hasList(event.data(), "roles")) {
      lists.put(EntityType.ROLE, byId(event, "roles", "id"));
    }
    if (hasList(event.data(), "emojis")) {
      lists.put(EntityType.EMOJI, byId(event, "emojis", "id"));
    }
    if (hasList(event.data(), "stickers")) {
      lists.put(EntityType.STICKER, byId(event, "stickers", "id"));
    }
    if (hasList(event.data(), "soundboard_sounds")) {
      lists.put(EntityType.SOUND, byId(event, "soundboard_sounds", "sound_id"));
    }
    if (hasList(event.data(), "channels")) {
      lists.put(EntityType.CHANNEL, of(guild, byId(event, "channels", "id")));
    }
    if (hasList(event.data(), "threads")) {
      lists.put(EntityType.THREAD, of(guild, byId(event, "threads", "id")));
    }
    if (hasList(event.data(), "guild_scheduled_events")) {
      var scheduled = of(guild, byId(event, "guild_scheduled_events", "id"));
      scheduled.replaceAll((id, item) -> SimpleRules.uncounted(item));
      lists.put(EntityType.EVENT, scheduled);
    }
    if (hasList(event.data(), "stage_instances")) {
      var stages = of(guild, byId(event, "stage_instances", "channel_id"));
      stages.keySet().removeIf(channel -> isHidden(lists, channel));
      lists.put(EntityType.STAGE, stages);
    }
    if (hasList(event.data(), "voice_states")) {
      var voice = of(guild, byId(event, "voice_states", "user_id"));
      voice.replaceAll((id, item) -> MemberRules.withoutMember(item));
      lists.put(EntityType.VOICE, voice);
    }
    if (hasList(event.data(), "members") && kept.has(EntityType.MEMBER)) {
      var members = byUser(event, "members");
      members.replaceAll((id, item) -> MemberRules.stored(item));
      lists.put(EntityType.MEMBER, members);
    }
    if (hasList(event.data(), "presences") && kept.has(EntityType.PRESENCE)) {
      lists.put(EntityType.PRESENCE, of(guild, byUser(event, "presences")));
    }
    long members = event.data().objects("members").size();
    boolean complete =
        !event.data().isTrue("large")
            && members >= event.data().number("member_count").orElse(Long.MAX_VALUE);
    return new GuildSnapshot(event.data().without(GuildRules.LISTS), lists, complete);
  }

  private static SortedMap<Long, JsonObject> of(long guild, SortedMap<Long, JsonObject> entities) {
    entities.replaceAll((id, entity) -> withGuild(entity, guild));
    return entities;
  }

  Effect effect(GatewayEvent event, long id, Kept kept) {
    Touch touch = Touch.of(event, id).entity(EntityType.GUILD, id).replaced(EntityType.THREAD);
    WHOLE.forEach(touch::replaced);
    EXPRESSIONS.forEach(touch::all);
    if (!complete) {
      for (EntityType type : PEOPLE) {
        list(type).keySet().forEach(user -> touch.entity(type, user));
      }
    }
    return touch.changeOfAny(kept, view -> apply(view, id, event.millis(), kept));
  }

  private void apply(GuildView view, long id, long millis, Kept kept) {
    view.put(EntityType.GUILD, id, Fields.keeping(guild, view.get(EntityType.GUILD, id), UNTOLD));
    for (EntityType type : WHOLE) {
      if (lists.containsKey(type)) {
        GuildRules.replaceAll(view, type, list(type));
      }
    }
    for (EntityType type : EXPRESSIONS) {
      if (lists.containsKey(type)) {
        ExpressionRules.replaceAll(view, type, list(type));
      }
    }
    if (lists.containsKey(EntityType.THREAD)) {
      var threads = list(EntityType.THREAD);
      threads.entrySet().removeIf(at -> !isKept(view, at.getKey(), at.getValue()));
      view.replaceAll(EntityType.THREAD, threads);
    }
    for (EntityType type : PEOPLE) {
      if (lists.containsKey(type)) {
        applyPeople(view, type);
      }
    }
    GuildState state = view.state();
    view.note(
        new GuildState(
            Standing.AVAILABLE,
            millis,
            Math.max(state.eventMillis(), millis),
            complete && kept.has(EntityType.MEMBER),
            state.guildComplete(),
            state.counts()));
  }

  private void applyPeople(GuildView view, EntityType type) {
    SortedMap<Long, JsonObject> people = list(type);
    people.keySet().removeIf(user -> view.isBuried(EntityType.MEMBER, user));
    if (complete) {
      view.replaceAll(type, people);
    } else {
      // In place of what was there, not into it: all that is told of one is told at once.
      people.forEach((user, entity) -> view.put(type, user, entity));
    }
  }

  private boolean isKept(GuildView view, long id, JsonObject thread) {
    return ThreadRules.isKept(view, id, thread)
        && !isHidden(lists, thread.id("parent_id").orElse(0));
  }

  private static boolean isHidden(
      Map<EntityType, SortedMap<Long, JsonObject>> lists, long channel) {
    JsonObject told =
        lists.getOrDefault(EntityType.CHANNEL, Collections.emptySortedMap()).get(channel);
    return told != null && ChannelRules.isHidden(told);
  }

  /** Those of a type; a copy. */
  private SortedMap<Long, JsonObject> list(EntityType type) {
    return new TreeMap<>(lists.getOrDefault(type, Collections.emptySortedMap()));
  }
}
