package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes entities as REST shows them, with fields that nobody documented and numbers that a typed
 * model would change.
 */
final class Shapes {
  static final int TEXT = 0;
  static final int VOICE = 2;
  static final int CATEGORY = 4;
  static final int PUBLIC_THREAD = 11;
  static final int PRIVATE_THREAD = 12;
  static final int STAGE = 13;
  static final int FORUM = 15;

  private static final List<String> WORDS =
      List.of(
          "general",
          "Müller",
          "\"quoted\"",
          "back\\slash",
          "雑談",
          "😀",
          "line\nbreak",
          "off-topic",
          "</script>",
          "support",
          "café",
          "\u2028");

  private final Random random;
  private long lastId;

  Shapes(Random random) {
    this.random = random;
    // The beginning of 2024; each id is of a millisecond of its own.
    lastId = (Instant.parse("2024-01-01T00:00:00Z").toEpochMilli() - 1_420_070_400_000L) << 22;
  }

  /** Id that nothing has had before. */
  long newId() {
    lastId += (1L + random.nextInt(90_000)) << 22;
    return lastId | random.nextInt(4096);
  }

  String words(int count) {
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", words);
  }

  String hash() {
    return "%016x%016x".formatted(random.nextLong(), random.nextLong());
  }

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString().replace("Z", "000+00:00");
  }

  Map<String, Object> user(long id, boolean bot) {
    return shape(
        """
        {"id": %s, "username": %s, "discriminator": "0", "global_name": %s, "avatar": %s, "bot": %s,
        "public_flags": %s, "primary_guild": null, "avatar_decoration_data": null,
        "collectibles": null, "clan": null}\
        """,
        id(id), words(1), words(2), hash(), bot, random.nextInt(4096));
  }

  Map<String, Object> member(Map<String, Object> user, List<Object> roles, long now) {
    var member =
        shape(
            """
            {"user": null, "nick": null, "avatar": null, "banner": null, "roles": [],
            "joined_at": %s, "premium_since": null, "deaf": false, "mute": false, "flags": %s,
            "pending": false, "communication_disabled_until": null}\
            """,
            time(now), random.nextInt(4));
    // The user itself, not a copy: it is the same one everywhere.
    member.put("user", user);
    member.put("roles", roles);
    return member;
  }

  Map<String, Object> role(long id, int position) {
    return shape(
        """
        {"id": %s, "name": %s, "description": null, "permissions": %s, "position": %s, "color": %s,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": %s, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null,
        "flags": 0}\
        """,
        id(id),
        words(1 + random.nextInt(2)),
        id(random.nextLong() >>> 12),
        position,
        random.nextInt(1 << 24),
        random.nextBoolean());
  }

  Map<String, Object> channel(long id, long guild, int type, int position, Object parent) {
    var channel =
        shape(
            """
            {"id": %s, "type": %s, "guild_id": %s, "name": %s, "position": %s, "parent_id": %s,
            "flags": 0, "nsfw": %s, "last_message_id": %s, "permission_overwrites": %s,
            "icon_emoji": null, "theme_color": null, "undocumented": 1.0}\
            """,
            id(id),
            type,
            id(guild),
            words(1 + random.nextInt(2)),
            position,
            parent,
            random.nextBoolean(),
            type == CATEGORY ? NULL : id(newId()),
            overwrites(guild));
    channel.putAll(
        switch (type) {
          case VOICE, STAGE ->
              shape("{\"bitrate\": 64000, \"user_limit\": 0, \"rtc_region\": null}");
          case FORUM ->
              shape(
                  """
                  {"topic": %s, "rate_limit_per_user": 0, "available_tags": [],
                  "default_reaction_emoji": null, "default_sort_order": null, "template": ""}\
                  """,
                  words(9));
          case TEXT ->
              shape(
                  """
                  {"topic": %s, "rate_limit_per_user": 5, "last_pin_timestamp": null}\
                  """,
                  words(30));
          default -> Map.of();
        });
    return channel;
  }

  private List<Object> overwrites(long guild) {
    var overwrites = new ArrayList<Object>();
    var template = "{\"id\": %s, \"type\": %s, \"allow\": %s, \"deny\": \"2048\"}";
    overwrites.add(shape(template, id(guild), 0, "0"));
    for (int i = random.nextInt(3); i > 0; i--) {
      overwrites.add(shape(template, id(newId()), 1, id(random.nextLong() >>> 20)));
    }
    return overwrites;
  }

  Map<String, Object> thread(long id, long guild, long parent, int type, long now) {
    return shape(
        """
        {"id": %s, "type": %s, "guild_id": %s, "parent_id": %s, "owner_id": %s, "name": %s,
        "last_message_id": %s, "last_pin_timestamp": null, "rate_limit_per_user": 0, "flags": 0,
        "message_count": 0, "member_count": 1, "total_message_sent": 0, "thread_metadata": %s}\
        """,
        id(id), type, id(guild), id(parent), id(newId()), words(3), id(id), metadata(false, now));
  }

  static Map<String, Object> metadata(boolean archived, long now) {
    return shape(
        """
        {"archived": %s, "archive_timestamp": %s, "auto_archive_duration": 1440, "locked": false,
        "create_timestamp": %s}\
        """,
        archived, time(now), time(now));
  }

  Map<String, Object> emoji(long id, Map<String, Object> creator) {
    return shape(
        """
        {"id": %s, "name": %s, "roles": [], "user": %s, "require_colons": true, "managed": false,
        "animated": %s, "available": true}\
        """,
        id(id), "emoji_" + random.nextInt(1000), creator, random.nextBoolean());
  }

  Map<String, Object> sticker(long id, long guild, Map<String, Object> creator) {
    return shape(
        """
        {"id": %s, "name": %s, "tags": "wave", "type": 2, "format_type": 1, "description": %s,
        "asset": "", "available": true, "guild_id": %s, "user": %s}\
        """,
        id(id), words(1), words(5), id(guild), creator);
  }

  Map<String, Object> sound(long id, long guild, Map<String, Object> creator) {
    return shape(
        """
        {"name": %s, "sound_id": %s, "volume": 1.0, "emoji_id": null, "emoji_name": null,
        "guild_id": %s, "available": true, "user": %s}\
        """,
        words(1), id(id), id(guild), creator);
  }

  Map<String, Object> event(long id, long guild, Map<String, Object> creator, long now) {
    return shape(
        """
        {"id": %s, "guild_id": %s, "channel_id": null, "creator_id": %s, "creator": %s, "name": %s,
        "description": %s, "image": null, "scheduled_start_time": %s, "scheduled_end_time": null,
        "privacy_level": 2, "status": 1, "entity_type": 3, "entity_id": null,
        "recurrence_rule": null, "entity_metadata": {"location": %s}, "auto_start": false}\
        """,
        id(id),
        id(guild),
        creator.get("id"),
        creator,
        words(3),
        words(12),
        time(now + 3_600_000),
        words(1));
  }

  Map<String, Object> stage(long id, long guild, long channel) {
    return shape(
        """
        {"id": %s, "guild_id": %s, "channel_id": %s, "topic": %s, "privacy_level": 2,
        "discoverable_disabled": true, "guild_scheduled_event_id": null, "invite_code": null}\
        """,
        id(id), id(guild), id(channel), words(4));
  }

  Map<String, Object> voice(long guild, long channel, long user) {
    return shape(
        """
        {"guild_id": %s, "channel_id": %s, "user_id": %s, "session_id": %s, "deaf": false,
        "mute": false, "self_deaf": %s, "self_mute": %s, "self_video": false, "suppress": false,
        "request_to_speak_timestamp": null}\
        """,
        id(guild), id(channel), id(user), hash(), random.nextBoolean(), random.nextBoolean());
  }

  static Map<String, Object> presence(long user, String status) {
    return shape(
        """
        {"user": {"id": %s}, "status": %s, "activities": [], "client_status": {"desktop": %s}}\
        """,
        id(user), status, status);
  }

  Map<String, Object> automod(long id, long guild) {
    return shape(
        """
        {"id": %s, "guild_id": %s, "name": %s, "creator_id": %s, "event_type": 1, "trigger_type": 1,
        "trigger_metadata": {"keyword_filter": [%s, "*x*"]},
        "actions": [{"type": 1, "metadata": {}}], "enabled": true, "exempt_roles": [],
        "exempt_channels": []}\
        """,
        id(id), id(guild), words(2), id(newId()), words(1));
  }

  Map<String, Object> integration(long id) {
    return shape(
        """
        {"id": %s, "name": %s, "type": "discord", "enabled": true,
        "account": {"id": %s, "name": "x"}, "scopes": ["bot"]}\
        """,
        id(id), words(1), id(id));
  }

  /** A guild's own fields, as REST has them. */
  Map<String, Object> guild(long id, long owner) {
    return shape(
        """
        {"id": %s, "name": %s, "icon": %s, "description": %s, "home_header": null, "splash": null,
        "discovery_splash": null, "features": ["NEWS", "COMMUNITY", "SOUNDBOARD", "%%"],
        "banner": null, "owner_id": %s, "application_id": null, "region": "deprecated",
        "afk_channel_id": null, "afk_timeout": 300, "system_channel_id": null,
        "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
        "verification_level": 1, "default_message_notifications": 1, "mfa_level": 0,
        "explicit_content_filter": 2, "max_presences": null, "max_members": 500000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
        "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": 2,
        "preferred_locale": "en-US", "rules_channel_id": null, "safety_alerts_channel_id": null,
        "public_updates_channel_id": null, "hub_type": null, "premium_progress_bar_enabled": false,
        "latest_onboarding_question_id": null, "nsfw": false, "nsfw_level": 0,
        "owner_configured_content_level": 0, "incidents_data": null}\
        """,
        id(id), words(2), hash(), words(7), id(owner));
  }

  /** Object with these values as JSON in place of each {@code %s}; whole numbers are Java's. */
  private static Map<String, Object> shape(String template, Object... values) {
    var written = Arrays.stream(values).map(JsonText::write).toArray();
    var shape = JsonText.readObject(template.formatted(written));
    shape.replaceAll((name, value) -> isWhole(value) ? Integer.valueOf(value.toString()) : value);
    return shape;
  }

  private static boolean isWhole(Object value) {
    return value instanceof JsonText.Figure figure && figure.digits().matches("\\d+");
  }
}
