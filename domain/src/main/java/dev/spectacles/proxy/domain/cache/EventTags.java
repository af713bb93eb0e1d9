package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.cache.TagTemplate.Part;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tags of the stored answers that each of the gateway's events makes invalid.
 *
 * <p>In the table <code>{guild_id}</code> is a field of the event, <code>{user.id}</code> one of an
 * object or of each object of a list in it, and <code>{me}</code> the bot that it was told to; a
 * tag with a gap that the event does not fill is left out, as that of a guild for a message without
 * one. A tag behind <code>!unavailable&gt;</code> is for events in which that is not true.
 *
 * <p>Events are of all guilds, so they bump nothing that answers of every guild bear, as a write
 * may. Accepted, therefore: answers of single channels follow a change to a role, the return of a
 * guild, or the deletion of the channel above them by their time only. A message does not bump its
 * channel, whose {@code last_message_id} likewise follows by its time.
 */
public final class EventTags {
  private static final String TABLE =
      """
      READY                  viewer:{user.id}
      GUILD_CREATE           g:{id}:all
      GUILD_UPDATE           g:{id}:all
      GUILD_DELETE           !unavailable>g:{id}:all !unavailable>viewer:{me}
      GUILD_AUDIT_LOG_ENTRY_CREATE uri:/guilds/{guild_id}/audit-logs
      GUILD_BAN_ADD          g:{guild_id}:bans
      GUILD_BAN_REMOVE       g:{guild_id}:bans
      GUILD_EMOJIS_UPDATE    g:{guild_id} g:{guild_id}:emojis
      GUILD_STICKERS_UPDATE  g:{guild_id} g:{guild_id}:stickers sticker:{stickers.id}
      GUILD_INTEGRATIONS_UPDATE g:{guild_id}:integrations uri:/guilds/{guild_id}/webhooks
      INTEGRATION_CREATE     g:{guild_id}:integrations
      INTEGRATION_UPDATE     g:{guild_id}:integrations
      INTEGRATION_DELETE     g:{guild_id}:integrations uri:/guilds/{guild_id}/webhooks
      APPLICATION_COMMAND_PERMISSIONS_UPDATE app:{application_id}:perms:{guild_id}
      CHANNEL_CREATE         c:{id}:all g:{guild_id}:channels
      CHANNEL_UPDATE         c:{id}:all g:{guild_id}:channels g:{guild_id}:threads
      CHANNEL_DELETE         c:{id}:all stage:{id} g:{guild_id}:all c:{parent_id}:threads
      CHANNEL_PINS_UPDATE    c:{channel_id} c:{channel_id}:msgs
      THREAD_CREATE          c:{id}:all g:{guild_id}:threads
                             c:{parent_id} c:{parent_id}:threads c:{parent_id}:msgs
      THREAD_UPDATE          c:{id} g:{guild_id}:threads c:{parent_id}:threads
      THREAD_DELETE          c:{id}:all g:{guild_id}:threads
                             c:{parent_id}:threads c:{parent_id}:msgs
      THREAD_LIST_SYNC       g:{guild_id}:threads c:{threads.id}:all
      THREAD_MEMBER_UPDATE   c:{id} c:{id}:tmembers g:{guild_id}:threads
      THREAD_MEMBERS_UPDATE  c:{id} c:{id}:tmembers g:{guild_id}:threads
      STAGE_INSTANCE_CREATE  stage:{channel_id} g:{guild_id}:events
      STAGE_INSTANCE_UPDATE  stage:{channel_id}
      STAGE_INSTANCE_DELETE  stage:{channel_id} g:{guild_id}:events
      GUILD_MEMBER_ADD       g:{guild_id}:m:{user.id} g:{guild_id}:members viewer:{user.id}
      GUILD_MEMBER_UPDATE    g:{guild_id}:m:{user.id} g:{guild_id}:members viewer:{user.id}
                             uri:/users/{user.id}
      GUILD_MEMBER_REMOVE    g:{guild_id}:m:{user.id} g:{guild_id}:members viewer:{user.id}
      GUILD_ROLE_CREATE      g:{guild_id} g:{guild_id}:roles
      GUILD_ROLE_UPDATE      g:{guild_id}:all
      GUILD_ROLE_DELETE      g:{guild_id}:all
      VOICE_STATE_UPDATE     g:{guild_id}:voice
      USER_UPDATE            uri:/users/@me uri:/users/{id}
      MESSAGE_CREATE         c:{channel_id}:msgs
      MESSAGE_UPDATE         c:{channel_id}:msgs
      MESSAGE_DELETE         c:{channel_id}:msgs
      MESSAGE_DELETE_BULK    c:{channel_id}:msgs
      MESSAGE_REACTION_ADD   c:{channel_id}:msgs
      MESSAGE_REACTION_REMOVE c:{channel_id}:msgs
      MESSAGE_REACTION_REMOVE_ALL c:{channel_id}:msgs
      MESSAGE_REACTION_REMOVE_EMOJI c:{channel_id}:msgs
      MESSAGE_POLL_VOTE_ADD  c:{channel_id}:msgs
      MESSAGE_POLL_VOTE_REMOVE c:{channel_id}:msgs
      GUILD_SCHEDULED_EVENT_CREATE g:{guild_id}:events
      GUILD_SCHEDULED_EVENT_UPDATE g:{guild_id}:events
      GUILD_SCHEDULED_EVENT_DELETE g:{guild_id}:events
      GUILD_SCHEDULED_EVENT_USER_ADD g:{guild_id}:events
      GUILD_SCHEDULED_EVENT_USER_REMOVE g:{guild_id}:events
      GUILD_SOUNDBOARD_SOUND_CREATE g:{guild_id}:sounds
      GUILD_SOUNDBOARD_SOUND_UPDATE g:{guild_id}:sounds
      GUILD_SOUNDBOARD_SOUND_DELETE g:{guild_id}:sounds
      GUILD_SOUNDBOARD_SOUNDS_UPDATE g:{guild_id}:sounds
      SOUNDBOARD_SOUNDS      g:{guild_id}:sounds
      INVITE_CREATE          invite:{code} g:{guild_id}:invites c:{channel_id}:invites
      INVITE_DELETE          invite:{code} g:{guild_id}:invites c:{channel_id}:invites
      WEBHOOKS_UPDATE        uri:/guilds/{guild_id}/webhooks uri:/channels/{channel_id}/webhooks
      AUTO_MODERATION_RULE_CREATE g:{guild_id}:automod
      AUTO_MODERATION_RULE_UPDATE g:{guild_id}:automod
      AUTO_MODERATION_RULE_DELETE g:{guild_id}:automod
      ENTITLEMENT_CREATE     app:{application_id}:entitlements
      ENTITLEMENT_UPDATE     app:{application_id}:entitlements
      ENTITLEMENT_DELETE     app:{application_id}:entitlements
      SUBSCRIPTION_CREATE    uri:/skus/{sku_ids}/subscriptions
                             uri:/skus/{sku_ids}/subscriptions/{id}
      SUBSCRIPTION_UPDATE    uri:/skus/{sku_ids}/subscriptions
                             uri:/skus/{sku_ids}/subscriptions/{id}
      SUBSCRIPTION_DELETE    uri:/skus/{sku_ids}/subscriptions
                             uri:/skus/{sku_ids}/subscriptions/{id}
      """;

  private static final Map<String, List<TagTemplate>> BY_NAME = byName();

  /** Ids and codes of invites; nothing else may become part of a key. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private EventTags() {}

  /** Names of the events that make answers invalid. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /**
   * Tags that this event bumps; none for one that no answer depends on.
   *
   * @param me the bot's user, where it is known
   */
  public static List<String> of(GatewayEvent event, OptionalLong me) {
    var tags = new LinkedHashSet<String>();
    for (TagTemplate template : BY_NAME.getOrDefault(event.name(), List.of())) {
      if (holds(template, event.data())) {
        tags.addAll(filled(template, event.data(), me));
      }
    }
    return List.copyOf(tags);
  }

  private static boolean holds(TagTemplate template, JsonObject data) {
    return template
        .condition()
        .filter(unless -> unless.keys().stream().anyMatch(key -> data.isTrue(key.substring(1))))
        .isEmpty();
  }

  private static List<String> filled(TagTemplate template, JsonObject data, OptionalLong me) {
    List<String> tags = List.of("");
    for (Part part : template.parts()) {
      List<String> values =
          switch (part) {
            case Part.Text(String text) -> List.of(text);
            case Part.OfPath(String name) -> values(data, name);
            case Part.OfCaller() -> me.stream().mapToObj(Long::toUnsignedString).toList();
            case Part.OfAnswer answer ->
                throw new IllegalStateException(answer + " (expected: a field of the event)");
          };
      tags = tags.stream().flatMap(tag -> values.stream().map(value -> tag + value)).toList();
    }
    return tags;
  }

  private static List<String> values(JsonObject data, String name) {
    int dot = name.indexOf('.');
    Json value = data.get(dot < 0 ? name : name.substring(0, dot)).orElse(JsonScalar.NULL);
    if (dot < 0) {
      return words(value);
    }
    List<JsonObject> objects =
        switch (value) {
          case JsonObject object -> List.of(object);
          case JsonArray array -> array.objects();
          case JsonScalar scalar -> List.of();
        };
    return objects.stream()
        .flatMap(object -> values(object, name.substring(dot + 1)).stream())
        .toList();
  }

  private static List<String> words(Json value) {
    var words = new ArrayList<String>();
    switch (value) {
      case JsonScalar scalar -> {
        String word = scalar.text().orElseGet(() -> scalar.isNull() ? "" : scalar.raw());
        if (WORD.matcher(word).matches()) {
          words.add(word);
        }
      }
      case JsonArray array -> array.items().forEach(item -> words.addAll(words(item)));
      case JsonObject object -> {
        // No field that the table names is one.
      }
    }
    return words;
  }

  private static Map<String, List<TagTemplate>> byName() {
    var byName = new LinkedHashMap<String, List<TagTemplate>>();
    for (List<String> row : ReadRoutes.rows(TABLE)) {
      byName.put(row.getFirst(), row.stream().skip(1).map(TagTemplate::parse).toList());
    }
    return byName;
  }
}
