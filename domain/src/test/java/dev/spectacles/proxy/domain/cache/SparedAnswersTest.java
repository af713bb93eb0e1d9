package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Asked.BOT;
import static dev.spectacles.proxy.domain.cache.Asked.CHANNEL;
import static dev.spectacles.proxy.domain.cache.Asked.GUILD;
import static dev.spectacles.proxy.domain.cache.Asked.OTHER_BOT;
import static dev.spectacles.proxy.domain.cache.Asked.USER;
import static dev.spectacles.proxy.domain.cache.Asked.answer;
import static dev.spectacles.proxy.domain.cache.Asked.get;
import static dev.spectacles.proxy.domain.cache.Asked.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a write leaves alone, what it finds by its answer only, and what no table knows. */
class SparedAnswersTest {
  private static final String OTHER_GUILD = "195928847299117063";
  private static final String IN_GUILD = "{\"id\":\"1\",\"type\":0,\"guild_id\":\"" + GUILD + "\"}";
  private static final String DM = "{\"id\":\"1\",\"type\":1,\"recipients\":[{\"id\":\"2\"}]}";

  private final CacheRoutes routes = CacheRoutes.of(Map.of(), false);

  @ParameterizedTest(name = "{0} {1} spares {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "PATCH  | /guilds/1/roles/2         | {\"color\":1}     | /guilds/1/members/3",
        "PATCH  | /guilds/1/roles/2         | {\"color\":1}     | /guilds/1/emojis",
        "PATCH  | /guilds/1/roles/2         | {\"color\":1}     | /channels/4",
        "PATCH  | /guilds/1/roles/2         | {\"permissions\":\"8\"} | /guilds/9/roles",
        "PATCH  | /guilds/1/roles/2         | {\"permissions\":\"8\"} | /guilds/9/channels",
        "POST   | /guilds/1/roles           | {}                | /channels/4/messages",
        "PUT    | /guilds/1/members/3/roles/2 | ''              | /guilds/1/roles",
        "PUT    | /guilds/1/members/3/roles/2 | ''              | /guilds/1/channels",
        "PUT    | /guilds/1/members/3/roles/2 | ''              | /guilds/1/members/5",
        "PUT    | /guilds/1/members/3/roles/2 | ''              | /guilds/9/members/3",
        "PUT    | /guilds/1/bans/3          | {}                | /channels/4/messages",
        "POST   | /channels/4/messages      | {}                | /guilds/1/channels",
        "POST   | /channels/4/messages      | {}                | /channels/5/messages",
        "POST   | /channels/4/messages      | {}                | /guilds/1",
        "POST   | /channels/4/typing        | ''                | /channels/4",
        "POST   | /channels/4/attachments   | {}                | /channels/4",
        "PATCH  | /channels/4               | {\"name\":\"a\"}  | /channels/5",
        "PATCH  | /channels/4               | {\"name\":\"a\"}  | /channels/4/messages",
        "PATCH  | /channels/4               | {\"name\":\"a\"}  | /guilds/1/roles",
        "PUT    | /channels/4/permissions/5 | {}                | /guilds/1/roles",
        "POST   | /guilds/1/emojis          | {}                | /guilds/1/roles",
        "POST   | /applications/7/commands  | {}                | /applications/8/commands",
        "PUT    | /applications/7/guilds/1/commands | []        | /applications/7/commands",
        "PATCH  | /webhooks/6/token/messages/@original | {}     | /channels/4",
        "POST   | /interactions/6/token/callback | {}           | /channels/4/messages",
      })
  void write_thatChangesSomethingElse_spares(
      String method, String write, String body, String read) {
    ProxyRequest request = request(method, write, BOT, body);
    String told = write.contains("/messages") ? "{\"id\":\"1\",\"channel_id\":\"4\"}" : IN_GUILD;

    var bumped = new HashSet<>(routes.bumpedBy(request));
    bumped.addAll(routes.bumpedByAnswer(request, answer(200, told)));
    bumped.retainAll(routes.tagsOf(get(read, OTHER_BOT)));
    assertThat(bumped).isEmpty();
  }

  @Test
  void channelsGuild_ifTheAnswerTellsIt_isTheOnlyOneInvalidated() {
    ProxyRequest rename = request("PATCH", "/channels/" + CHANNEL, BOT, "{\"name\":\"a\"}");

    Set<String> bumped = routes.bumpedByAnswer(rename, answer(200, IN_GUILD));

    assertThat(channelsOf(GUILD)).containsAnyElementsOf(bumped);
    assertThat(channelsOf(OTHER_GUILD)).doesNotContainAnyElementsOf(bumped);
  }

  @Test
  void channelsGuild_ifNobodyTellsIt_isInvalidatedWithAllOthers() {
    ProxyRequest permit =
        request("PUT", "/channels/" + CHANNEL + "/permissions/" + USER, BOT, "{}");

    Set<String> bumped = routes.bumpedByAnswer(permit, answer(204, ""));

    assertThat(channelsOf(GUILD)).containsAnyElementsOf(bumped);
    assertThat(channelsOf(OTHER_GUILD)).containsAnyElementsOf(bumped);
    assertThat(channelsOf(GUILD))
        .doesNotContainAnyElementsOf(routes.bumpedBy(permit)); // not before it is needed
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /channels/4/permissions/5 | {}",
        "DELETE | /channels/4/permissions/5 | ''",
        "PATCH  | /channels/4               | {\"permission_overwrites\":[]}",
        "DELETE | /channels/4               | ''",
        "PATCH  | /guilds/1/channels        | []",
        "DELETE | /guilds/1/roles/2         | ''",
      })
  void changeToACategoryOrParent_mayConcernAnyChannel(String method, String path, String body) {
    Set<String> bumped = routes.bumpedBy(request(method, path, BOT, body));
    for (String read : List.of("/channels/5", "/channels/5/messages", "/stage-instances/5")) {
      assertThat(routes.tagsOf(get(read, OTHER_BOT))).containsAnyElementsOf(bumped);
    }
  }

  @ParameterizedTest(name = "{0} {1} invalidates {2}")
  @CsvSource({
    "POST,   /channels/4/invites,     /channels/4/invites",
    "POST,   /channels/4/invites,     /guilds/1/invites",
    "DELETE, /invites/aCode,          /invites/aCode",
    "DELETE, /invites/aCode,          /guilds/1/invites",
    "DELETE, /invites/aCode,          /channels/4/invites",
    "PUT,    /invites/aCode/target-users, /invites/aCode",
    "PATCH,  /guilds/1/vanity-url,    /guilds/1/vanity-url",
    "PATCH,  /guilds/1/vanity-url,    /guilds/1/invites",
    "PUT,    /guilds/1/members/3,     /guilds/1/prune",
    "PATCH,  /guilds/1/roles/2,       /guilds/1/audit-logs",
    "POST,   /applications/7/entitlements, /applications/7/entitlements",
    "DELETE, /users/@me/guilds/1,     /users/@me/guilds",
    "PATCH,  /guilds/1/members/@me,   /users/@me/guilds/1/member",
    "PUT,    /users/@me/applications/7/role-connection, /users/@me/applications/7/role-connection",
  })
  void answer_thatIsStoredBySettingOnly_isInvalidatedToo(String method, String write, String read) {
    ProxyRequest request = request(method, write, BOT, "{}");
    for (ProxyResponse.Http told : List.of(answer(204, ""), answer(200, "{\"guild_id\":\"1\"}"))) {
      assertThat(routes.tagsOf(get(read)))
          .containsAnyElementsOf(routes.bumpedByAnswer(request, told));
    }
  }

  @Test
  void privateChannel_hasNoGuildToInvalidate() {
    for (String method : List.of("PATCH", "DELETE")) {
      ProxyRequest write = request(method, "/channels/" + CHANNEL, BOT, "{}");

      Set<String> bumped = routes.bumpedByAnswer(write, answer(200, DM));

      assertThat(channelsOf(GUILD)).doesNotContainAnyElementsOf(bumped);
      assertThat(bumped).doesNotContain(Tags.ALL);
    }
  }

  @Test
  void deletedChannel_ofAGuildNobodyTells_invalidatesEverything() {
    ProxyRequest delete = request("DELETE", "/channels/" + CHANNEL, BOT, "");

    assertThat(routes.bumpedWithoutAnswer(delete)).contains(Tags.ALL);
    assertThat(routes.bumpedByAnswer(delete, answer(504, "<html>"))).contains(Tags.ALL);
    assertThat(routes.bumpedByAnswer(delete, answer(200, IN_GUILD))).doesNotContain(Tags.ALL);
  }

  @Test
  void messageInAThread_mayHaveUnarchivedIt() {
    ProxyRequest message = request("POST", "/channels/" + CHANNEL + "/messages", BOT, "{}");
    List<String> active = routes.tagsOf(get("/guilds/" + GUILD + "/threads/active"));

    assertThat(active)
        .containsAnyElementsOf(
            routes.bumpedByAnswer(message, answer(200, "{\"id\":\"1\",\"position\":0}")))
        .doesNotContainAnyElementsOf(
            routes.bumpedByAnswer(message, answer(200, "{\"id\":\"1\",\"embeds\":[]}")));
  }

  @Test
  void newRole_ofABot_invalidatesWhatThatBotSees() {
    ProxyRequest write =
        request("PUT", "/guilds/" + GUILD + "/members/" + OTHER_BOT + "/roles/1", BOT, "");

    Set<String> bumped = routes.bumpedBy(write);

    String channels = "/guilds/" + GUILD + "/channels";
    assertThat(routes.tagsOf(get(channels, OTHER_BOT))).containsAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get("/channels/4", OTHER_BOT))).containsAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get(channels, BOT))).doesNotContainAnyElementsOf(bumped);
    assertThat(routes.tagsOf(get(channels, ""))) // who may be that bot
        .containsAnyElementsOf(bumped);
  }

  @Test
  void ownNickname_invalidatesTheOwnMember() {
    ProxyRequest write = request("PATCH", "/guilds/" + GUILD + "/members/@me", BOT, "{}");
    List<String> member = routes.tagsOf(get("/guilds/" + GUILD + "/members/" + BOT, OTHER_BOT));
    List<String> other = routes.tagsOf(get("/guilds/" + GUILD + "/members/" + USER, OTHER_BOT));

    assertThat(member).containsAnyElementsOf(routes.bumpedBy(write));
    assertThat(other).doesNotContainAnyElementsOf(routes.bumpedBy(write));
    ProxyRequest nobody = request("PATCH", "/guilds/" + GUILD + "/members/@me", "", "{}");
    assertThat(member).containsAnyElementsOf(routes.bumpedBy(nobody));
    assertThat(other).containsAnyElementsOf(routes.bumpedBy(nobody));
  }

  @Test
  void created_byWhoeverAskedTooEarly_isNotMissedAnyMore() {
    String created = "885928847299117063";
    List<String> missed = routes.tagsOf(get("/channels/" + created));
    ProxyResponse.Http told = answer(201, "{\"id\":\"" + created + "\",\"guild_id\":\"1\"}");

    for (String path :
        List.of("/guilds/1/channels", "/channels/2/threads", "/users/@me/channels")) {
      assertThat(missed)
          .as(path)
          .containsAnyElementsOf(routes.bumpedByAnswer(request("POST", path, BOT, "{}"), told));
    }
    ProxyRequest thread = request("POST", "/channels/2/messages/" + created + "/threads", BOT, "");
    assertThat(missed).containsAnyElementsOf(routes.bumpedBy(thread));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/channels/4/typing",
        "/channels/4/webhooks",
        "/interactions/175928847299117063/aToken/callback",
        "/webhooks/3/aToken",
        "/webhooks/3/aToken/slack",
      })
  void write_thatChangesNothingStored_bumpsNothing(String path) {
    ProxyRequest write = request("POST", path, BOT, "{}");
    assertThat(routes.bumpedBy(write)).isEmpty();
    assertThat(routes.bumpedByAnswer(write, answer(204, ""))).isEmpty();
    assertThat(routes.bumpedWithoutAnswer(write)).isEmpty();
  }

  @Test
  void webhookMessage_whoseChannelIsTold_invalidatesItsMessages() {
    ProxyRequest write = request("POST", "/webhooks/3/aToken", BOT, "{}");
    assertThat(routes.tagsOf(get("/channels/4/messages")))
        .containsAnyElementsOf(
            routes.bumpedByAnswer(write, answer(200, "{\"id\":\"1\",\"channel_id\":\"4\"}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  void safeMethod_bumpsNothing(String method) {
    ProxyRequest read = request(method, "/guilds/1", BOT, "");
    assertThat(routes.bumpedBy(read)).isEmpty();
    assertThat(routes.bumpedByAnswer(read, answer(200, "{}"))).isEmpty();
    assertThat(routes.bumpedWithoutAnswer(read)).isEmpty();
  }

  @ParameterizedTest(name = "POST {0} invalidates {1}: {2}")
  @CsvSource({
    "/guilds/1/novelties,                 /guilds/1,              true",
    "/guilds/1/novelties,                 /guilds/1/channels,     true",
    "/guilds/1/novelties,                 /guilds/2/channels,     false",
    "/guilds/1/novelties,                 /voice/regions,         false",
    "/channels/4/novelties/5,             /channels/4/messages,   true",
    "/channels/4/novelties/5,             /guilds/1/channels,     true",
    "/channels/4/novelties/5,             /guilds/1/roles,        false",
    "/applications/7/novelties,           /applications/7/commands, true",
    "/users/8/novelties,                  /users/8,               true",
    "/users/8/novelties,                  /users/9,               false",
    "/sticker-packs/3,                    /sticker-packs,         true",
    "/api/v10/guilds/1/roles,             /guilds/1/roles,        true",
    "/guilds/001/roles,                   /guilds/1/roles,        true",
    "/guilds/%31/roles/,                  /guilds/1/roles,        true",
    "/guilds/001/novelties,               /guilds/1/roles,        true",
  })
  void unknownOrOddPath_invalidatesWhatItNames(String write, String read, boolean expected) {
    var common = new HashSet<>(routes.tagsOf(get(read, OTHER_BOT)));
    common.retainAll(routes.bumpedBy(request("POST", write, BOT, "{}")));
    assertThat(!common.isEmpty()).isEqualTo(expected);
  }

  @Test
  void unknownMethod_onAKnownPath_isAnUnknownRoute() {
    assertThat(routes.bumpedBy(request("FANCY", "/guilds/1/roles", BOT, "")))
        .contains("g:1:all", "uri:/guilds/1/roles", "uri:/guilds/1", "uri:/guilds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"name\":\"a\"}", "[]", "not JSON", "{\"permission_overwrites\""})
  void conditionOnTheBody_holdsUnlessTheBodyIsReadAndLacksTheKey(String body) {
    ProxyRequest write = request("PATCH", "/channels/4", BOT, body);
    boolean lacks = body.isEmpty() || body.equals("{\"name\":\"a\"}") || body.startsWith("{\"perm");
    assertThat(routes.bumpedBy(write).contains("c:?")).isEqualTo(!lacks);
  }

  @Test
  void conditionOnTheBody_tooLargeToBeRead_holds() {
    String large = "{\"name\":\"" + "a".repeat(70_000) + "\"}";
    assertThat(routes.bumpedBy(request("PATCH", "/channels/4", BOT, large))).contains("c:?");
  }

  private List<String> channelsOf(String guild) {
    return routes.tagsOf(get("/guilds/" + guild + "/channels", OTHER_BOT));
  }
}
