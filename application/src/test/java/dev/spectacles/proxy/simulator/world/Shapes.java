package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.NULL;
import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

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
          "rules",
          "off-topic",
          "dev",
          "</script>",
          "ops",
          "support",
          "café",
          "news",
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
    return object(
        "id",
        id(id),
        "username",
        words(1),
        "discriminator",
        "0",
        "global_name",
        words(2),
        "avatar",
        hash(),
        "bot",
        bot,
        "public_flags",
        random.nextInt(4096),
        "primary_guild",
        NULL,
        "avatar_decoration_data",
        NULL,
        "collectibles",
        NULL,
        "clan",
        NULL);
  }

  Map<String, Object> member(Map<String, Object> user, List<Object> roles, long now) {
    return object(
        "user",
        user,
        "nick",
        NULL,
        "avatar",
        NULL,
        "banner",
        NULL,
        "roles",
        roles,
        "joined_at",
        time(now),
        "premium_since",
        NULL,
        "deaf",
        false,
        "mute",
        false,
        "flags",
        random.nextInt(4),
        "pending",
        false,
        "communication_disabled_until",
        NULL);
  }

  Map<String, Object> role(long id, int position) {
    return object(
        "id",
        id(id),
        "name",
        words(1 + random.nextInt(2)),
        "description",
        NULL,
        "permissions",
        Long.toString(random.nextLong() >>> 12),
        "position",
        position,
        "color",
        random.nextInt(1 << 24),
        "colors",
        object("primary_color", 0, "secondary_color", NULL, "tertiary_color", NULL),
        "hoist",
        random.nextBoolean(),
        "managed",
        false,
        "mentionable",
        false,
        "icon",
        NULL,
        "unicode_emoji",
        NULL,
        "flags",
        0);
  }

  Map<String, Object> channel(long id, long guild, int type, int position, Object parent) {
    var channel =
        object(
            "id",
            id(id),
            "type",
            type,
            "guild_id",
            id(guild),
            "name",
            words(1 + random.nextInt(2)),
            "position",
            position,
            "parent_id",
            parent,
            "flags",
            0,
            "nsfw",
            random.nextBoolean(),
            "last_message_id",
            type == CATEGORY ? NULL : id(newId()),
            "permission_overwrites",
            overwrites(guild),
            "icon_emoji",
            NULL,
            "theme_color",
            NULL,
            "undocumented",
            new JsonText.Figure("1.0"));
    switch (type) {
      case VOICE, STAGE -> {
        channel.putAll(object("bitrate", 64_000, "user_limit", 0, "rtc_region", NULL));
      }
      case FORUM -> {
        channel.putAll(
            object(
                "topic",
                words(9),
                "rate_limit_per_user",
                0,
                "available_tags",
                List.of(),
                "default_reaction_emoji",
                NULL,
                "default_sort_order",
                NULL,
                "template",
                ""));
      }
      case TEXT -> {
        channel.putAll(
            object("topic", words(30), "rate_limit_per_user", 5, "last_pin_timestamp", NULL));
      }
      default -> {}
    }
    return channel;
  }

  private List<Object> overwrites(long guild) {
    var overwrites = new ArrayList<Object>();
    overwrites.add(object("id", id(guild), "type", 0, "allow", "0", "deny", "2048"));
    for (int i = random.nextInt(3); i > 0; i--) {
      long allow = random.nextLong() >>> 20;
      overwrites.add(object("id", id(newId()), "type", 1, "allow", id(allow), "deny", "0"));
    }
    return overwrites;
  }

  Map<String, Object> thread(long id, long guild, long parent, int type, long now) {
    return object(
        "id",
        id(id),
        "type",
        type,
        "guild_id",
        id(guild),
        "parent_id",
        id(parent),
        "owner_id",
        id(newId()),
        "name",
        words(3),
        "last_message_id",
        id(id),
        "last_pin_timestamp",
        NULL,
        "rate_limit_per_user",
        0,
        "flags",
        0,
        "message_count",
        0,
        "member_count",
        1,
        "total_message_sent",
        0,
        "thread_metadata",
        metadata(false, now));
  }

  static Map<String, Object> metadata(boolean archived, long now) {
    return object(
        "archived",
        archived,
        "archive_timestamp",
        time(now),
        "auto_archive_duration",
        1440,
        "locked",
        false,
        "create_timestamp",
        time(now));
  }

  Map<String, Object> emoji(long id, Map<String, Object> creator) {
    return object(
        "id",
        id(id),
        "name",
        "emoji_" + random.nextInt(1000),
        "roles",
        List.of(),
        "user",
        creator,
        "require_colons",
        true,
        "managed",
        false,
        "animated",
        random.nextBoolean(),
        "available",
        true);
  }

  Map<String, Object> sticker(long id, long guild, Map<String, Object> creator) {
    return object(
        "id",
        id(id),
        "name",
        words(1),
        "tags",
        "wave",
        "type",
        2,
        "format_type",
        1,
        "description",
        words(5),
        "asset",
        "",
        "available",
        true,
        "guild_id",
        id(guild),
        "user",
        creator);
  }

  Map<String, Object> sound(long id, long guild, Map<String, Object> creator) {
    return object(
        "name",
        words(1),
        "sound_id",
        id(id),
        "volume",
        new JsonText.Figure("1.0"),
        "emoji_id",
        NULL,
        "emoji_name",
        NULL,
        "guild_id",
        id(guild),
        "available",
        true,
        "user",
        creator);
  }

  Map<String, Object> event(long id, long guild, Map<String, Object> creator, long now) {
    return object(
        "id",
        id(id),
        "guild_id",
        id(guild),
        "channel_id",
        NULL,
        "creator_id",
        creator.get("id"),
        "creator",
        creator,
        "name",
        words(3),
        "description",
        words(12),
        "image",
        NULL,
        "scheduled_start_time",
        time(now + 3_600_000),
        "scheduled_end_time",
        NULL,
        "privacy_level",
        2,
        "status",
        1,
        "entity_type",
        3,
        "entity_id",
        NULL,
        "recurrence_rule",
        NULL,
        "entity_metadata",
        object("location", words(1)),
        "auto_start",
        false);
  }

  Map<String, Object> stage(long id, long guild, long channel) {
    return object(
        "id",
        id(id),
        "guild_id",
        id(guild),
        "channel_id",
        id(channel),
        "topic",
        words(4),
        "privacy_level",
        2,
        "discoverable_disabled",
        true,
        "guild_scheduled_event_id",
        NULL,
        "invite_code",
        NULL);
  }

  Map<String, Object> voice(long guild, long channel, long user) {
    return object(
        "guild_id",
        id(guild),
        "channel_id",
        id(channel),
        "user_id",
        id(user),
        "session_id",
        hash(),
        "deaf",
        false,
        "mute",
        false,
        "self_deaf",
        random.nextBoolean(),
        "self_mute",
        random.nextBoolean(),
        "self_video",
        false,
        "suppress",
        false,
        "request_to_speak_timestamp",
        NULL);
  }

  Map<String, Object> presence(long user, String status) {
    return object(
        "user",
        object("id", id(user)),
        "status",
        status,
        "activities",
        List.of(),
        "client_status",
        object("desktop", status));
  }

  Map<String, Object> automod(long id, long guild) {
    return object(
        "id",
        id(id),
        "guild_id",
        id(guild),
        "name",
        words(2),
        "creator_id",
        id(newId()),
        "event_type",
        1,
        "trigger_type",
        1,
        "trigger_metadata",
        object("keyword_filter", List.of(words(1), "*x*")),
        "actions",
        List.of(object("type", 1, "metadata", object())),
        "enabled",
        true,
        "exempt_roles",
        List.of(),
        "exempt_channels",
        List.of());
  }

  Map<String, Object> integration(long id) {
    return object(
        "id",
        id(id),
        "name",
        words(1),
        "type",
        "discord",
        "enabled",
        true,
        "account",
        object("id", id(id), "name", words(1)),
        "scopes",
        List.of("bot"));
  }

  /** A guild's own fields, as REST has them. */
  Map<String, Object> guild(long id, long owner) {
    var features = IntStream.range(0, 4).<Object>mapToObj(i -> "FEATURE_" + i).toList();
    return object(
        "id",
        id(id),
        "name",
        words(2),
        "icon",
        hash(),
        "description",
        words(7),
        "home_header",
        NULL,
        "splash",
        NULL,
        "discovery_splash",
        NULL,
        "features",
        features,
        "banner",
        NULL,
        "owner_id",
        id(owner),
        "application_id",
        NULL,
        "region",
        "deprecated",
        "afk_channel_id",
        NULL,
        "afk_timeout",
        300,
        "system_channel_id",
        NULL,
        "system_channel_flags",
        0,
        "widget_enabled",
        false,
        "widget_channel_id",
        NULL,
        "verification_level",
        1,
        "default_message_notifications",
        1,
        "mfa_level",
        0,
        "explicit_content_filter",
        2,
        "max_presences",
        NULL,
        "max_members",
        500_000,
        "max_stage_video_channel_users",
        50,
        "max_video_channel_users",
        25,
        "vanity_url_code",
        NULL,
        "premium_tier",
        0,
        "premium_subscription_count",
        2,
        "preferred_locale",
        "en-US",
        "rules_channel_id",
        NULL,
        "safety_alerts_channel_id",
        NULL,
        "public_updates_channel_id",
        NULL,
        "hub_type",
        NULL,
        "premium_progress_bar_enabled",
        false,
        "latest_onboarding_question_id",
        NULL,
        "nsfw",
        false,
        "nsfw_level",
        0,
        "owner_configured_content_level",
        0,
        "incidents_data",
        NULL);
  }
}
