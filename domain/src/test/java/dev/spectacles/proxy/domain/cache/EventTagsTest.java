package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.BOT;
import static dev.spectacles.proxy.domain.cache.Asked.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.EventRules;
import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTagsTest {
  private static final OptionalLong ME = OptionalLong.of(Long.parseLong(BOT));

  /** Every field that a tag may need; in {@code id} whatever the event is of. */
  private static final JsonObject DATA =
      JsonObject.EMPTY
          .with("guild_id", id(1))
          .with("channel_id", id(2))
          .with("parent_id", id(3))
          .with("id", id(4))
          .with("user", JsonObject.EMPTY.with("id", id(5)))
          .with("application_id", id(6))
          .with("code", JsonScalar.ofRaw("\"aCode\""))
          .with("sku_ids", new JsonArray(List.of(id(7), id(8))))
          .with("stickers", list(9, 10))
          .with("threads", list(11, 12));

  private static final String TABLE =
      """
      GUILD_CREATE /guilds/4 /guilds/4/channels /guilds/4/roles /guilds/4/emojis/1
      GUILD_UPDATE /guilds/4 /guilds/4/roles /guilds/4/emojis /guilds/4/stickers /guilds/4/widget
      GUILD_DELETE /guilds/4 /guilds/4/roles/1 /channels/99 /guilds/4/members/5
      GUILD_AUDIT_LOG_ENTRY_CREATE /guilds/1/audit-logs
      GUILD_BAN_ADD /guilds/1/bans /guilds/1/bans/5
      GUILD_BAN_REMOVE /guilds/1/bans /guilds/1/bans/5
      GUILD_EMOJIS_UPDATE /guilds/1/emojis /guilds/1/emojis/1 /guilds/1
      GUILD_STICKERS_UPDATE /guilds/1/stickers /guilds/1 /stickers/9 /stickers/10
      GUILD_INTEGRATIONS_UPDATE /guilds/1/integrations /guilds/1/webhooks
      INTEGRATION_CREATE /guilds/1/integrations
      INTEGRATION_UPDATE /guilds/1/integrations
      INTEGRATION_DELETE /guilds/1/integrations /guilds/1/webhooks
      APPLICATION_COMMAND_PERMISSIONS_UPDATE /applications/6/guilds/1/commands/permissions
      CHANNEL_CREATE /channels/4 /channels/4/messages /guilds/1/channels
      CHANNEL_UPDATE /channels/4 /channels/4/pins /guilds/1/channels /guilds/1/threads/active
      CHANNEL_DELETE /channels/4 /channels/4/messages /guilds/1/channels /guilds/1/threads/active
      CHANNEL_PINS_UPDATE /channels/2 /channels/2/pins /channels/2/messages/pins
      THREAD_CREATE /channels/4 /guilds/1/threads/active /channels/3/threads/archived/public
      THREAD_UPDATE /channels/4 /guilds/1/threads/active /channels/3/threads/archived/private
      THREAD_DELETE /channels/4 /guilds/1/threads/active /channels/3/threads/archived/public
      THREAD_LIST_SYNC /guilds/1/threads/active /channels/11 /channels/12
      THREAD_MEMBER_UPDATE /channels/4 /channels/4/thread-members/9
      THREAD_MEMBERS_UPDATE /channels/4 /channels/4/thread-members /channels/4/thread-members/5
      STAGE_INSTANCE_CREATE /stage-instances/2
      STAGE_INSTANCE_UPDATE /stage-instances/2
      STAGE_INSTANCE_DELETE /stage-instances/2
      GUILD_MEMBER_ADD /guilds/1/members/5 /guilds/1/members /guilds/1/members/search
      GUILD_MEMBER_UPDATE /guilds/1/members/5 /guilds/1/members /users/5
      GUILD_MEMBER_REMOVE /guilds/1/members/5 /guilds/1/members
      GUILD_ROLE_CREATE /guilds/1/roles /guilds/1
      GUILD_ROLE_UPDATE /guilds/1/roles /guilds/1/roles/4 /guilds/1 /guilds/1/channels
      GUILD_ROLE_DELETE /guilds/1/roles /guilds/1/roles/4 /guilds/1 /guilds/1/channels
      VOICE_STATE_UPDATE /guilds/1/voice-states/5 /guilds/1/voice-states/@me
      USER_UPDATE /users/@me /users/4
      MESSAGE_CREATE /channels/2/messages
      MESSAGE_UPDATE /channels/2/messages /channels/2/messages/4 /channels/2/pins
      MESSAGE_DELETE /channels/2/messages /channels/2/messages/4 /channels/2/pins
      MESSAGE_DELETE_BULK /channels/2/messages /channels/2/messages/4 /channels/2/pins
      MESSAGE_REACTION_ADD /channels/2/messages/4 /channels/2/messages/4/reactions/a
      MESSAGE_REACTION_REMOVE /channels/2/messages/4 /channels/2/messages/4/reactions/a
      MESSAGE_REACTION_REMOVE_ALL /channels/2/messages/4 /channels/2/messages/4/reactions/a
      MESSAGE_REACTION_REMOVE_EMOJI /channels/2/messages/4 /channels/2/messages/4/reactions/a
      MESSAGE_POLL_VOTE_ADD /channels/2/messages/4 /channels/2/polls/4/answers/1
      MESSAGE_POLL_VOTE_REMOVE /channels/2/messages/4 /channels/2/polls/4/answers/1
      GUILD_SCHEDULED_EVENT_CREATE /guilds/1/scheduled-events
      GUILD_SCHEDULED_EVENT_UPDATE /guilds/1/scheduled-events /guilds/1/scheduled-events/4
      GUILD_SCHEDULED_EVENT_DELETE /guilds/1/scheduled-events /guilds/1/scheduled-events/4
      GUILD_SCHEDULED_EVENT_USER_ADD /guilds/1/scheduled-events/4/users
      GUILD_SCHEDULED_EVENT_USER_REMOVE /guilds/1/scheduled-events/4/users
      GUILD_SOUNDBOARD_SOUND_CREATE /guilds/1/soundboard-sounds
      GUILD_SOUNDBOARD_SOUND_UPDATE /guilds/1/soundboard-sounds /guilds/1/soundboard-sounds/4
      GUILD_SOUNDBOARD_SOUND_DELETE /guilds/1/soundboard-sounds /guilds/1/soundboard-sounds/4
      GUILD_SOUNDBOARD_SOUNDS_UPDATE /guilds/1/soundboard-sounds
      SOUNDBOARD_SOUNDS /guilds/1/soundboard-sounds
      INVITE_CREATE /guilds/1/invites /channels/2/invites /invites/aCode
      INVITE_DELETE /guilds/1/invites /channels/2/invites /invites/aCode
      WEBHOOKS_UPDATE /guilds/1/webhooks /channels/2/webhooks
      AUTO_MODERATION_RULE_CREATE /guilds/1/auto-moderation/rules
      AUTO_MODERATION_RULE_UPDATE /guilds/1/auto-moderation/rules/4
      AUTO_MODERATION_RULE_DELETE /guilds/1/auto-moderation/rules
      ENTITLEMENT_CREATE /applications/6/entitlements
      ENTITLEMENT_UPDATE /applications/6/entitlements /applications/6/entitlements/4
      ENTITLEMENT_DELETE /applications/6/entitlements
      SUBSCRIPTION_CREATE /skus/7/subscriptions /skus/8/subscriptions
      SUBSCRIPTION_UPDATE /skus/7/subscriptions /skus/8/subscriptions/4
      SUBSCRIPTION_DELETE /skus/7/subscriptions /skus/8/subscriptions/4
      """;

  private final CacheRoutes routes = CacheRoutes.of(Map.of(), true);

  static Stream<String> rows() {
    return TABLE.lines();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void answers_areInvalidAfterTheEvent(String row) {
    List<String> words = List.of(row.split(" "));
    Set<String> bumped = new LinkedHashSet<>(of(words.getFirst(), DATA));
    for (String path : words.subList(1, words.size())) {
      assertThat(routes.tagsOf(get(path))).as(path).containsAnyElementsOf(bumped);
    }
    assertThat(bumped).noneMatch(tag -> tag.contains("{") || tag.contains("\""));
    assertThat(routes.tagsOf(get("/guilds/555/roles", ""))).doesNotContainAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get("/channels/555", ""))).doesNotContainAnyElementsOf(bumped);
  }

  @Test
  void ready_concernsWhatItsBotSees() {
    var user = JsonObject.EMPTY.with("id", JsonScalar.ofRaw(BOT));

    List<String> bumped = of("READY", JsonObject.EMPTY.with("user", user));

    assertThat(routes.tagsOf(get("/guilds/1"))).containsAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get("/channels/1"))).containsAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get("/guilds/1", Asked.OTHER_BOT)))
        .doesNotContainAnyElementsOf(bumped);
  }

  @Test
  void everyEvent_isOfferedToTheRules_andTested() {
    assertThat(new EventRules(Set.of(EntityType.GUILD)).names()).containsAll(EventTags.names());
    assertThat(TABLE.lines().map(row -> row.substring(0, row.indexOf(' '))))
        .containsExactlyInAnyOrderElementsOf(
            EventTags.names().stream().filter(name -> !name.equals("READY")).toList());
  }

  @Test
  void gap_thatTheEventDoesNotFill_leavesItsTagOut() {
    assertThat(of("MESSAGE_CREATE", JsonObject.EMPTY)).isEmpty();
    assertThat(of("INVITE_DELETE", JsonObject.EMPTY.with("channel_id", id(2))))
        .containsExactly("c:2:invites");
    assertThat(of("CHANNEL_CREATE", JsonObject.EMPTY.with("id", id(4)).with("guild_id", nothing())))
        .containsExactly("c:4:all");
    assertThat(of("INVITE_DELETE", JsonObject.EMPTY.with("code", JsonScalar.ofRaw("\"a:b c\""))))
        .isEmpty();
    assertThat(of("GUILD_DELETE", JsonObject.EMPTY.with("id", id(4)), OptionalLong.empty()))
        .containsExactly("g:4:all");
  }

  @Test
  void outage_bumpsNothing() {
    var data = JsonObject.EMPTY.with("id", id(4)).with("unavailable", JsonScalar.ofRaw("true"));

    assertThat(of("GUILD_DELETE", data)).isEmpty();
    assertThat(of("GUILD_DELETE", data.with("unavailable", JsonScalar.ofRaw("false"))))
        .containsExactly("g:4:all", "viewer:" + BOT);
  }

  @Test
  void eventThatConcernsNoAnswer_bumpsNothing() {
    for (String name : List.of("PRESENCE_UPDATE", "RESUMED", "TYPING_START", "UNKNOWN")) {
      assertThat(of(name, DATA)).isEmpty();
    }
  }

  private static List<String> of(String name, JsonObject data) {
    return of(name, data, ME);
  }

  private static List<String> of(String name, JsonObject data, OptionalLong me) {
    return EventTags.of(new GatewayEvent(name, data, 1), me);
  }

  private static Json id(long id) {
    return JsonScalar.ofId(id);
  }

  private static Json nothing() {
    return JsonScalar.NULL;
  }

  private static JsonArray list(long... ids) {
    return new JsonArray(
        Arrays.stream(ids).mapToObj(id -> (Json) JsonObject.EMPTY.with("id", id(id))).toList());
  }
}
