package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.GatewayProxy.isTold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import dev.spectacles.proxy.domain.entity.answer.Level;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.EnumSet;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which routes are answered from what the gateway told, how well, and with what. */
@Timeout(60)
class GatewayRoutesTest {
  private static final long SELF = ToldEntities.SELF;
  private static final String ROLE =
      "{\"id\":\"1\",\"name\":\"@everyone\",\"position\":0,\"odd\":1.0}";

  private static GatewayProxy proxy(AnswerMode mode, boolean relaxed) throws Exception {
    return filled(new GatewayProxy(mode, relaxed));
  }

  private static GatewayProxy filled(GatewayProxy proxy) throws Exception {
    ToldEntities store = proxy.store;
    store.available(1, proxy.now());
    store.note(1, GatewayRoutesTest::membersComplete);
    store.put(
        1,
        EntityType.GUILD,
        1,
        "{\"id\":\"1\",\"joined_at\":\"x\",\"name\":\"n\",\"large\":false,\"lazy\":true,"
            + "\"member_count\":3,\"version\":1,\"nested\":{\"large\":1}}");
    store.put(1, EntityType.ROLE, 1, ROLE);
    store.put(1, EntityType.ROLE, 2, "{\"id\":\"2\",\"guild_id\":\"1\"}");
    store.put(1, EntityType.EMOJI, 30, "{\"id\":\"30\",\"guild_id\":\"1\"}");
    store.put(1, EntityType.STICKER, 40, "{\"id\":\"40\",\"guild_id\":\"1\"}");
    store.put(1, EntityType.SOUND, 50, "{\"sound_id\":\"50\"}");
    channel(store, 10, "\"position\":2");
    channel(store, 11, "\"position\":1,\"guild_id\":\"1\"");
    channel(store, 12, "\"position\":1");
    channel(store, 13, "\"position\":0,\"flags\":131074");
    channel(store, 14, "\"position\":0,\"type\":11");
    thread(store, 20, "\"newly_created\":true,\"member\":{\"flags\":1}");
    thread(store, 21, "\"thread_metadata\":{\"archived\":true}");
    thread(store, 22, "\"thread_metadata\":{\"archived\":false}");
    member(store, 5);
    member(store, 6);
    member(store, 7);
    store.put(1, EntityType.VOICE, 5, "{\"user_id\":\"5\"}");
    store.put(1, EntityType.VOICE, SELF, "{\"user_id\":\"self\"}");
    store.put(1, EntityType.VOICE, 6, "{\"user_id\":\"6\",\"channel_id\":\"13\"}");
    store.put(1, EntityType.VOICE, 7, "{\"user_id\":\"7\",\"channel_id\":\"10\"}");
    store.put(1, EntityType.STAGE, 10, "{\"id\":\"60\"}");
    store.put(1, EntityType.STAGE, 13, "{\"id\":\"61\"}");
    store.put(1, EntityType.EVENT, 70, "{\"id\":\"70\",\"user_count\":4,\"channel_id\":\"10\"}");
    store.put(1, EntityType.EVENT, 71, "{\"id\":\"71\",\"channel_id\":null,\"status\":2}");
    store.put(1, EntityType.EVENT, 72, "{\"id\":\"72\",\"channel_id\":null,\"status\":3}");
    return proxy.proven();
  }

  private static GuildState membersComplete(GuildState state) {
    return new GuildState(
        state.standing(), state.syncedMillis(), state.eventMillis(), true, false, state.counts());
  }

  private static void channel(ToldEntities store, long id, String rest) {
    store.put(1, EntityType.CHANNEL, id, "{\"id\":\"%d\",%s}".formatted(id, rest));
  }

  private static void thread(ToldEntities store, long id, String rest) {
    store.put(
        1, EntityType.THREAD, id, "{\"id\":\"%d\",\"guild_id\":\"1\",%s}".formatted(id, rest));
  }

  private static void member(ToldEntities store, long id) {
    store.put(1, EntityType.MEMBER, id, memberJson(id));
  }

  private static String memberJson(long id) {
    return ("{\"user\":{\"id\":\"%d\"},\"roles\":[],\"joined_at\":\"x\",\"deaf\":false,"
            + "\"mute\":false,\"flags\":0}")
        .formatted(id);
  }

  @ParameterizedTest
  @CsvSource({
    "/guilds/1, LOSSY",
    "/guilds/1?with_counts=false, LOSSY",
    "/guilds/1/channels, FAITHFUL",
    "/channels/10, FAITHFUL",
    "/channels/20, FALLBACK",
    "/guilds/1/threads/active, FALLBACK",
    "/guilds/1/roles, FAITHFUL",
    "/guilds/1/roles/2, FAITHFUL",
    "/guilds/1/members/5, FAITHFUL",
    "/guilds/1/members?limit=2, LOSSY",
    "/guilds/1/emojis, LOSSY",
    "/guilds/1/emojis/30, LOSSY",
    "/guilds/1/stickers, LOSSY",
    "/guilds/1/stickers/40, LOSSY",
    "/guilds/1/soundboard-sounds, LOSSY",
    "/guilds/1/soundboard-sounds/50, LOSSY",
    "/guilds/1/voice-states/5, FALLBACK",
    "/guilds/1/voice-states/7, FALLBACK",
    "/guilds/1/voice-states/@me, FALLBACK",
    "/stage-instances/10, FAITHFUL",
    "/guilds/1/scheduled-events, LOSSY",
    "/guilds/1/scheduled-events/70?with_user_count=0, LOSSY",
    "/users/@me, FALLBACK"
  })
  void route_isAnsweredByItsLevel(String path, Level level) throws Exception {
    assertThat(told(AnswerMode.OFF, true, path)).as("off").isFalse();
    assertThat(told(AnswerMode.FALLBACK, true, path)).as("fallback").isTrue();
    assertThat(told(AnswerMode.PREFER, false, path))
        .as("prefer")
        .isEqualTo(level == Level.FAITHFUL);
    assertThat(told(AnswerMode.PREFER, true, path))
        .as("relaxed")
        .isEqualTo(level != Level.FALLBACK);
  }

  /** In fallback mode, Discord's limits do not let it be asked. */
  private static boolean told(AnswerMode mode, boolean relaxed, String path) throws Exception {
    try (GatewayProxy proxy = proxy(mode, relaxed)) {
      if (mode == AnswerMode.FALLBACK) {
        proxy.answers.add(GatewayProxy.refusal());
      }
      return isTold(proxy.get(path));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/guilds/1?with_counts=true",
        "/guilds/1?with_counts=1",
        "/guilds/1?other=false",
        "/guilds/1/",
        "/api/v10/guilds/1",
        "/guilds/2",
        "/guilds/99999999999999999999",
        "/guilds/1/preview",
        "/guilds/1/roles/3",
        "/guilds/1/roles/member-counts",
        "/guilds/1/channels?a=b",
        "/channels/13",
        "/channels/21",
        "/channels/99",
        "/channels/10/messages",
        "/guilds/1/members/8",
        "/guilds/1/members?limit=0",
        "/guilds/1/members?limit=1001",
        "/guilds/1/members?limit=x",
        "/guilds/1/members?limit=1&limit=2",
        "/guilds/1/members?after=-1",
        "/guilds/1/members/search?query=a",
        "/guilds/1/bans",
        "/guilds/1/scheduled-events?with_user_count=True",
        "/guilds/1/scheduled-events/72",
        "/guilds/1/voice-states/8",
        "/guilds/1/voice-states/6",
        "/stage-instances/11",
        "/stage-instances/13",
        "/users/5",
        "/users/@me/guilds"
      })
  void whatOnlyDiscordCanAnswer_isPassedOnAsItCame(String path) throws Exception {
    for (AnswerMode mode : AnswerMode.values()) {
      try (GatewayProxy proxy = proxy(mode, true)) {
        assertThat(isTold(proxy.get(path))).isFalse();
        assertThat(proxy.asked).singleElement();
        assertThat(proxy.asked.getFirst().headers().first("x-spectacles-max-wait")).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/guilds/1 |"
            + " {'id':'1','name':'n','nested':{'large':1},'roles':[{'id':'1','name':'@everyone','position':0,'odd':1.0},{'id':'2'}],'emojis':[{'id':'30'}],'stickers':[{'id':'40','guild_id':'1'}]}",
        "/guilds/1/channels |"
            + " [{'id':'11','position':1,'guild_id':'1'},{'id':'12','position':1,'guild_id':'1'},{'id':'10','position':2,'guild_id':'1'}]",
        "/channels/10 | {'id':'10','position':2,'guild_id':'1'}",
        "/guilds/1/roles/2 | {'id':'2'}",
        "/guilds/1/emojis | [{'id':'30'}]",
        "/guilds/1/soundboard-sounds | {'items':[{'sound_id':'50'}]}",
        "/guilds/1/scheduled-events |"
            + " [{'id':'70','channel_id':'10'},{'id':'71','channel_id':null,'status':2}]",
        "/stage-instances/10 | {'id':'60'}"
      })
  void body_isDiscordsOwn_withoutWhatOnlyTheGatewayHas(String path, String body) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, true)) {
      ProxyResponse.Http answer = proxy.get(path);
      assertThat(answer.body().utf8()).isEqualTo(body.replace('\'', '"'));
      assertThat(answer.code()).isEqualTo(200);
      assertThat(answer.headers().first("content-type")).contains("application/json");
      assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
    }
  }

  @Test
  void activeThreads_comeWithTheBotsOwnMembership_newestFirst() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK, false)) {
      proxy.answers.add(GatewayProxy.refusal());
      assertThat(proxy.get("/guilds/1/threads/active").body().utf8())
          .isEqualTo(
              ("{'threads':[{'id':'22','guild_id':'1','thread_metadata':{'archived':false}},"
                      + "{'id':'20','guild_id':'1','member':{'flags':1}}],"
                      + "'members':[{'flags':1,'user_id':'"
                      + SELF
                      + "','id':'20'}]}")
                  .replace('\'', '"'));
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 5", "?limit=2, 5 6", "?after=5&limit=1000, 6 7", "?after=7&limit=9, ''"})
  void members_areGivenInPages(String query, String ids) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, true)) {
      var expected = new StringJoiner(",", "[", "]");
      for (String id : ids.isEmpty() ? new String[0] : ids.split(" ")) {
        expected.add(memberJson(Long.parseLong(id)));
      }
      assertThat(proxy.get("/guilds/1/members" + query).body().utf8())
          .isEqualTo(expected.toString());
    }
  }

  @Test
  void guildWithAllItsFields_isFaithful() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, false)) {
      assertThat(isTold(proxy.get("/guilds/1"))).isFalse();
      proxy.store.note(
          1, s -> new GuildState(s.standing(), s.syncedMillis(), 0, true, true, s.counts()));
      assertThat(isTold(proxy.get("/guilds/1"))).isTrue();
    }
  }

  @Test
  void channels_whoseMessagesAreNotHeard_areLossy() throws Exception {
    var keeping = new Keeping(EnumSet.allOf(EntityType.class), false);
    try (GatewayProxy proxy = filled(new GatewayProxy(AnswerMode.PREFER, false, keeping))) {
      assertThat(isTold(proxy.get("/guilds/1/channels"))).isFalse();
      assertThat(isTold(proxy.get("/channels/10"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/roles"))).isTrue();
    }
  }

  @Test
  void typeThatIsNotKept_isNotAnswered_whateverIsLeftOfIt() throws Exception {
    EnumSet<EntityType> kept = EnumSet.allOf(EntityType.class);
    kept.remove(EntityType.MEMBER);
    kept.remove(EntityType.EMOJI);
    var keeping = new Keeping(kept, true);
    try (GatewayProxy proxy = filled(new GatewayProxy(AnswerMode.PREFER, true, keeping))) {
      assertThat(isTold(proxy.get("/guilds/1/members/5"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/members"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1"))).as("has emojis").isFalse();
      assertThat(isTold(proxy.get("/guilds/1/stickers"))).isTrue();
    }
  }

  @Test
  void memberThatIsKnownInPart_isNotAnswered() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, true)) {
      proxy.store.put(1, EntityType.MEMBER, 6, "{\"user\":{\"id\":\"6\"},\"roles\":[]}");
      assertThat(isTold(proxy.get("/guilds/1/members/6"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/members?limit=9"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/members/5"))).isTrue();
    }
  }

  @Test
  void listThatLostSome_isNotAnswered() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, true)) {
      proxy.store.lose(1, EntityType.ROLE, 2);
      proxy.store.lose(1, EntityType.CHANNEL, 14);
      assertThat(isTold(proxy.get("/guilds/1/roles"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/channels"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/roles/1"))).isTrue();
    }
  }

  @Test
  void eventInAChannelThatTheBotCannotSee_isForDiscordToTell() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER, true)) {
      proxy.store.put(1, EntityType.EVENT, 73, "{\"id\":\"73\",\"channel_id\":\"13\"}");
      assertThat(isTold(proxy.get("/guilds/1/scheduled-events"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/scheduled-events/73"))).isFalse();
      assertThat(isTold(proxy.get("/guilds/1/scheduled-events/70"))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      names = {"UNAVAILABLE", "STALE"})
  void guildThatCannotBeReliedOn_isNotAnswered(Standing standing) throws Exception {
    assertPassed(state -> state.with(standing));
  }

  @Test
  void guildThatWasNeverToldAsAWhole_isNotAnswered() throws Exception {
    assertPassed(s -> new GuildState(s.standing(), 0, s.eventMillis(), true, true, s.counts()));
  }

  private static void assertPassed(UnaryOperator<GuildState> change) throws Exception {
    for (AnswerMode mode : AnswerMode.values()) {
      try (GatewayProxy proxy = proxy(mode, true)) {
        proxy.store.note(1, change);
        proxy.answers.add(GatewayProxy.refusal());
        assertThat(proxy.get("/guilds/1/roles").code()).isEqualTo(429);
        assertThat(proxy.get("/guilds/1/roles/1", Map.of()).body().utf8()).contains("discord");
        assertThat(proxy.asked).hasSize(2);
      }
    }
  }
}
