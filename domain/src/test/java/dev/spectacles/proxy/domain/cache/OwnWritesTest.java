package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.BOT;
import static dev.spectacles.proxy.domain.cache.Asked.CHANNEL;
import static dev.spectacles.proxy.domain.cache.Asked.GUILD;
import static dev.spectacles.proxy.domain.cache.Asked.OTHER_BOT;
import static dev.spectacles.proxy.domain.cache.Asked.PARENT;
import static dev.spectacles.proxy.domain.cache.Asked.answer;
import static dev.spectacles.proxy.domain.cache.Asked.filled;
import static dev.spectacles.proxy.domain.cache.Asked.get;
import static dev.spectacles.proxy.domain.cache.Asked.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From the reader's side: for each answer that may be stored or shared, the documented writes that
 * can make it stale, whoever sent them. Here {@code G}, {@code C} and {@code A} stand for a guild,
 * channel and application, and {@code #key} for a key in the body.
 */
class OwnWritesTest {
  /** What ends a guild, or changes what the bot may see in it. */
  private static final String GUILD_GONE =
      """
      DELETE G, DELETE /users/@me/guilds/{guild_id}, PATCH G, DELETE G/roles/{role_id},
      PATCH G/roles/{role_id}#permissions, DELETE C
      """;

  /** What ends a channel, or changes what the bot may see in it. */
  private static final String CHANNEL_GONE =
      """
      DELETE C, DELETE G, DELETE /users/@me/guilds/{guild_id}, PATCH C#permission_overwrites,
      PUT C/permissions/{overwrite_id}, DELETE C/permissions/{overwrite_id},
      DELETE G/roles/{role_id}, PATCH G/roles/{role_id}#permissions, PATCH G/channels,
      PATCH G#owner_id, POST G/bulk-ban
      """;

  private static final String ROLES =
      "POST G/roles, PATCH G/roles, PATCH G/roles/{role_id}, DELETE G/roles/{role_id},"
          + " DELETE G/members/{user_id}, PUT G/bans/{user_id}, POST G/bulk-ban,"
          + " DELETE G/integrations/{integration_id}";
  private static final String EMOJIS =
      "POST G/emojis, PATCH G/emojis/{emoji_id}, DELETE G/emojis/{emoji_id}";
  private static final String STICKERS =
      "POST G/stickers, PATCH G/stickers/{sticker_id}, DELETE G/stickers/{sticker_id}";
  private static final String SOUNDS =
      "POST G/soundboard-sounds, PATCH G/soundboard-sounds/{sound_id},"
          + " DELETE G/soundboard-sounds/{sound_id}";
  private static final String EVENTS =
      "POST G/scheduled-events, PATCH G/scheduled-events/{guild_scheduled_event_id},"
          + " DELETE G/scheduled-events/{guild_scheduled_event_id}, POST /stage-instances,"
          + " DELETE /stage-instances/{channel_id}";
  private static final String CHANNELS =
      "POST G/channels, PATCH G/channels, PATCH C, DELETE C, PUT C/permissions/{overwrite_id},"
          + " DELETE C/permissions/{overwrite_id}, PUT C/voice-status";
  private static final String MEMBERS =
      "PUT G/members/{user_id}, PATCH G/members/{user_id}, DELETE G/members/{user_id},"
          + " PUT G/members/{user_id}/roles/{role_id}, DELETE G/members/{user_id}/roles/{role_id},"
          + " PUT G/bans/{user_id}, POST G/bulk-ban, POST G/prune, PATCH G/requests/{request_id},"
          + " DELETE G/roles/{role_id}";
  private static final String OWN_MEMBER = "PATCH G/members/@me, PATCH G/members/@me/nick";
  private static final String THREADS =
      "POST C/threads, POST C/messages/{message_id}/threads, PATCH C, DELETE C,"
          + " PUT C/thread-members/@me, DELETE C/thread-members/@me, POST C/messages";
  private static final String THREAD_MEMBERS =
      "PUT C/thread-members/@me, DELETE C/thread-members/@me,"
          + " PUT C/thread-members/{user_id}, DELETE C/thread-members/{user_id}";
  private static final String TEMPLATES =
      "PUT G/templates/{code}, PATCH G/templates/{code}, DELETE G/templates/{code}";
  private static final String COMMANDS =
      "POST A/commands, PUT A/commands, PATCH A/commands/{command_id},"
          + " DELETE A/commands/{command_id}";
  private static final String GUILD_COMMANDS =
      "POST A/guilds/{guild_id}/commands, PUT A/guilds/{guild_id}/commands,"
          + " PATCH A/guilds/{guild_id}/commands/{command_id},"
          + " DELETE A/guilds/{guild_id}/commands/{command_id}";
  private static final String PERMISSIONS =
      "PUT A/guilds/{guild_id}/commands/permissions,"
          + " PUT A/guilds/{guild_id}/commands/{command_id}/permissions";
  private static final String APPLICATION = "PATCH /applications/@me, PATCH A";
  private static final String APP_EMOJIS =
      "POST A/emojis, PATCH A/emojis/{emoji_id}, DELETE A/emojis/{emoji_id}";
  private static final String RULES =
      "POST G/auto-moderation/rules, PATCH G/auto-moderation/rules/{rule_id},"
          + " DELETE G/auto-moderation/rules/{rule_id}";
  private static final String BANS =
      "PUT G/bans/{user_id}, DELETE G/bans/{user_id}, POST G/bulk-ban";
  private static final String MESSAGES =
      "POST C/messages, PATCH C/messages/{message_id}, DELETE C/messages/{message_id},"
          + " POST C/messages/bulk-delete, POST C/messages/{message_id}/crosspost,"
          + " PUT C/messages/{message_id}/reactions/{emoji_name}/@me,"
          + " DELETE C/messages/{message_id}/reactions/{emoji_name}/@me,"
          + " DELETE C/messages/{message_id}/reactions/{emoji_name}/{user_id},"
          + " DELETE C/messages/{message_id}/reactions/{emoji_name},"
          + " DELETE C/messages/{message_id}/reactions, PUT C/pins/{message_id},"
          + " DELETE C/pins/{message_id}, PUT C/messages/pins/{message_id},"
          + " DELETE C/messages/pins/{message_id}, POST C/polls/{message_id}/expire,"
          + " PUT G/bans/{user_id}#delete_message_seconds, POST G/bulk-ban, POST C/threads,"
          + " POST C/messages/{message_id}/threads";
  private static final String VOICE = "PATCH G/members/{user_id}, DELETE G/members/{user_id}";

  private static final Map<String, String> WRITES_BY_READ = new LinkedHashMap<>();

  static {
    for (String untouched :
        List.of(
            "/gateway",
            "/gateway/bot",
            "/oauth2/keys",
            "/soundboard-default-sounds",
            "/sticker-packs",
            "/sticker-packs/{pack_id}",
            "/voice/regions")) {
      WRITES_BY_READ.put(untouched, "");
    }
    guild("", ROLES, EMOJIS, STICKERS);
    guild(
        "",
        "PATCH G/widget, PATCH G/vanity-url, PUT G/onboarding, PATCH G/welcome-screen,"
            + " PUT G/incident-actions, PUT G/members/{user_id}, POST G/prune");
    guild("/preview", EMOJIS, STICKERS);
    guild("/regions");
    guild("/widget.json", "PATCH G/widget", CHANNELS, MEMBERS);
    guild("/channels", CHANNELS, "POST G/roles, PATCH G/roles, PATCH G/roles/{role_id}");
    guild("/emojis", EMOJIS);
    guild("/emojis/{emoji_id}", EMOJIS);
    guild("/roles", ROLES);
    guild("/roles/{role_id}", ROLES);
    guild("/scheduled-events", EVENTS);
    guild("/scheduled-events/{guild_scheduled_event_id}", EVENTS);
    guild("/scheduled-events/{guild_scheduled_event_id}/users", EVENTS, MEMBERS, OWN_MEMBER);
    guild("/soundboard-sounds", SOUNDS);
    guild("/soundboard-sounds/{sound_id}", SOUNDS);
    guild("/stickers", STICKERS);
    guild("/stickers/{sticker_id}", STICKERS);
    guild("/members/{user_id}", MEMBERS);
    guild("/members", MEMBERS, OWN_MEMBER);
    guild("/members/search", MEMBERS, OWN_MEMBER);
    guild("/roles/member-counts", MEMBERS, ROLES);
    guild("/threads/active", THREADS, CHANNELS);
    guild("/auto-moderation/rules", RULES);
    guild("/auto-moderation/rules/{rule_id}", RULES);
    guild(
        "/integrations",
        APPLICATION,
        "DELETE G/integrations/{integration_id}, DELETE G/members/{user_id}");
    guild("/onboarding", "PUT G/onboarding, DELETE G/emojis/{emoji_id}");
    guild("/welcome-screen", "PATCH G/welcome-screen, DELETE G/emojis/{emoji_id}");
    guild("/new-member-welcome", "PATCH G/welcome-screen");
    guild("/widget", "PATCH G/widget");
    guild("/templates", TEMPLATES, "POST G/templates", CHANNELS, ROLES);
    guild("/bans", BANS);
    guild("/bans/{user_id}", BANS);
    guild("/voice-states/{user_id}", VOICE, "PATCH G/voice-states/{user_id}");
    guild("/voice-states/@me", "PATCH G/voice-states/@me, POST G/prune");
    WRITES_BY_READ.put(
        "/guilds/templates/{code}",
        String.join(
            ",",
            TEMPLATES,
            CHANNELS.replace(", PUT C/voice-status", ""),
            "PATCH G, POST G/roles, PATCH G/roles, PATCH G/roles/{role_id},"
                + " DELETE G/roles/{role_id}, POST /guilds/templates/{code}"));
    WRITES_BY_READ.put("/stickers/{sticker_id}", STICKERS.substring(STICKERS.indexOf("PATCH")));
    channel("", "PATCH C, PUT C/voice-status", THREAD_MEMBERS);
    channel("", "POST C/threads, POST C/messages/{message_id}/threads");
    channel("", "PUT C/recipients/{user_id}, DELETE C/recipients/{user_id}");
    channel("", "POST C/messages, DELETE C/messages/{message_id}, PUT C/pins/{message_id}");
    channel("/threads/archived/public", THREADS, THREAD_MEMBERS);
    channel("/threads/archived/private", THREADS, THREAD_MEMBERS);
    channel("/users/@me/threads/archived/private", THREADS, THREAD_MEMBERS);
    channel("/threads/search", THREADS);
    channel("/thread-members", THREAD_MEMBERS, MEMBERS, OWN_MEMBER);
    channel("/thread-members/{user_id}", THREAD_MEMBERS, MEMBERS, OWN_MEMBER);
    for (String content :
        List.of(
            "/messages",
            "/messages/{message_id}",
            "/messages/{message_id}/reactions/{emoji_name}",
            "/messages/pins",
            "/pins",
            "/polls/{message_id}/answers/{answer_id}")) {
      channel(content, MESSAGES);
    }
    WRITES_BY_READ.put(
        "/stage-instances/{channel_id}",
        "POST /stage-instances, PATCH /stage-instances/{channel_id},"
            + " DELETE /stage-instances/{channel_id}, DELETE C,"
            + " PATCH G/scheduled-events/{guild_scheduled_event_id}");
    WRITES_BY_READ.put("/users/{user_id}", "PATCH /users/@me");
    WRITES_BY_READ.put("/users/@me", "PATCH /users/@me");
    WRITES_BY_READ.put("/applications/@me", APPLICATION);
    WRITES_BY_READ.put("/applications/{application_id}", APPLICATION);
    WRITES_BY_READ.put("/applications/{application_id}/emojis", APP_EMOJIS);
    WRITES_BY_READ.put("/applications/{application_id}/emojis/{emoji_id}", APP_EMOJIS);
    WRITES_BY_READ.put(
        "/applications/{application_id}/role-connections/metadata",
        "PUT A/role-connections/metadata");
    WRITES_BY_READ.put("/applications/{application_id}/commands", COMMANDS);
    WRITES_BY_READ.put("/applications/{application_id}/commands/{command_id}", COMMANDS);
    String inGuild = "/applications/{application_id}/guilds/{guild_id}/commands";
    WRITES_BY_READ.put(inGuild, GUILD_COMMANDS + ", DELETE G");
    WRITES_BY_READ.put(inGuild + "/{command_id}", GUILD_COMMANDS + ", DELETE G");
    String permissions = String.join(",", PERMISSIONS, COMMANDS, GUILD_COMMANDS, GUILD_GONE);
    WRITES_BY_READ.put(inGuild + "/permissions", permissions);
    WRITES_BY_READ.put(inGuild + "/{command_id}/permissions", permissions);
  }

  private static void guild(String below, String... writes) {
    put("/guilds/{guild_id}" + below, GUILD_GONE, writes);
  }

  private static void channel(String below, String... writes) {
    put("/channels/{channel_id}" + below, CHANNEL_GONE, writes);
  }

  private static void put(String template, String always, String... writes) {
    WRITES_BY_READ.merge(template, always + ',' + String.join(",", writes), (a, b) -> a + ',' + b);
  }

  private final CacheRoutes routes = CacheRoutes.of(Map.of(), false);

  static Stream<String> reads() {
    return WRITES_BY_READ.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("reads")
  void write_thatCanChangeAnAnswer_invalidatesItWhateverIsAnswered(String read) {
    ProxyRequest asked = get(filled(read), OTHER_BOT);
    Set<String> tags = new HashSet<>(routes.tagsOf(asked));
    tags.add(Tags.ALL);
    // The table has to hold without them: they are for what it does not know.
    tags.removeIf(tag -> tag.startsWith("uri:"));

    for (ProxyRequest write : writes(WRITES_BY_READ.getOrDefault(read, ""))) {
      String what = write.method() + " " + write.path().value() + " makes " + read + " stale";
      assertThat(tags).as(what + ", answered").containsAnyElementsOf(told(write));
      assertThat(tags)
          .as(what + ", without an answer")
          .containsAnyElementsOf(routes.bumpedWithoutAnswer(write));
      assertThat(tags)
          .as(what + ", answered without a body")
          .containsAnyElementsOf(routes.bumpedByAnswer(write, answer(204, "")));
      assertThat(routes.bumpedWithoutAnswer(write)).containsAll(routes.bumpedBy(write));
    }
  }

  private Set<String> told(ProxyRequest write) {
    return routes.bumpedByAnswer(
        write,
        answer(
            200,
            """
            {"id": "%s", "type": 0, "guild_id": "%s", "channel_id": "%s", "parent_id": "%s",
             "position": 3}
            """
                .formatted(CHANNEL, GUILD, CHANNEL, parent(write))));
  }

  /**
   * For lists of threads the channel in the path is the parent, for what happens in one it is not.
   */
  private static String parent(ProxyRequest write) {
    boolean inThread =
        write.path().value().contains("thread-members")
            || write.path().value().equals("/channels/" + CHANNEL)
            || write.path().value().equals("/channels/" + CHANNEL + "/messages");
    return inThread ? CHANNEL : PARENT;
  }

  @Test
  void everyRead_thatMayBeStoredOrShared_hasItsWritesListed() {
    var expected =
        ReadRoutes.BY_TEMPLATE.values().stream()
            .filter(route -> route.group() != RouteGroup.OFF && route.group() != RouteGroup.SECRET)
            .map(ReadRoutes.ReadRoute::template)
            .toList();
    assertThat(WRITES_BY_READ.keySet()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void everyWrite_changesSomeReadOrIsKnownToChangeNone() {
    var listed = new HashSet<String>();
    WRITES_BY_READ.values().forEach(text -> names(text).forEach(name -> listed.add(plain(name))));
    var others =
        Set.of(
            "POST /guilds",
            "POST /users/@me/channels",
            "POST /channels/{channel_id}/invites",
            "DELETE /invites/{code}",
            "PUT /invites/{code}/target-users",
            "POST /applications/{application_id}/attachment",
            "POST /applications/{application_id}/entitlements",
            "POST /applications/{application_id}/entitlements/{entitlement_id}/consume",
            "DELETE /applications/{application_id}/entitlements/{entitlement_id}",
            "PUT /users/@me/applications/{application_id}/role-connection",
            "DELETE /users/@me/applications/{application_id}/role-connection",
            "POST /channels/{channel_id}/attachments",
            "POST /channels/{channel_id}/followers",
            "POST /channels/{channel_id}/send-soundboard-sound",
            "POST /channels/{channel_id}/typing",
            "POST /channels/{channel_id}/webhooks");
    var unlisted = new ArrayList<>(WriteTable.routes());
    unlisted.removeAll(listed);
    unlisted.removeAll(others);
    assertThat(unlisted)
        .allMatch(route -> route.contains("/webhooks/") || route.contains("/interactions/"));
    assertThat(WriteTable.routes()).containsAll(listed).containsAll(others);
  }

  private static List<ProxyRequest> writes(String text) {
    return names(text)
        .map(
            name -> {
              String[] parts = plain(name).split(" ");
              int key = name.indexOf('#');
              String body = key < 0 ? "{}" : "{\"" + name.substring(key + 1) + "\": \"1\"}";
              return request(parts[0], filled(parts[1]), BOT, body);
            })
        .toList();
  }

  private static Stream<String> names(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty());
  }

  private static String plain(String name) {
    int key = name.indexOf('#');
    return (key < 0 ? name : name.substring(0, key))
        .replaceFirst(" G", " /guilds/{guild_id}")
        .replaceFirst(" C", " /channels/{channel_id}")
        .replaceFirst(" A", " /applications/{application_id}");
  }

  /** Without this, the tests above might pass because everything is invalidated all the time. */
  @Test
  void refusedWrite_invalidatesNothing() {
    for (int code : List.of(400, 401, 403, 404, 429, 503)) {
      ProxyRequest write = request("PATCH", filled("/guilds/{guild_id}"), BOT, "{}");
      ProxyResponse.Http refusal = answer(code, "{\"code\": 0}");
      assertThat(routes.bumpedByAnswer(write, refusal)).isEmpty();
    }
  }

  @Test
  void errorThatMayHideASuccess_invalidatesLikeNoAnswerAtAll() {
    for (int code : List.of(500, 502, 504, 520, 524)) {
      ProxyRequest write = request("PATCH", filled("/guilds/{guild_id}"), BOT, "{}");
      assertThat(routes.bumpedByAnswer(write, answer(code, "{\"code\": 0}")))
          .as("after %s", code)
          .isNotEmpty()
          .isEqualTo(routes.bumpedWithoutAnswer(write));
    }
  }
}
