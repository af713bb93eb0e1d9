package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests below {@code /@cache}. */
@Timeout(60)
class CacheDeskTest {
  private static final long SELF = ToldEntities.SELF;
  private static final Map<String, String> STRANGER = Map.of("authorization", "Bot x");

  private final GatewayProxy proxy = new GatewayProxy(AnswerMode.OFF, false);

  @BeforeEach
  void fill() throws Exception {
    proxy.store.available(1, proxy.now());
    proxy.store.put(1, EntityType.GUILD, 1, "{\"id\":\"1\"}");
    proxy.store.put(1, EntityType.ROLE, 1, "{\"id\":\"1\"}");
    proxy.store.put(1, EntityType.ROLE, 2, "{\"id\":\"2\"}");
    proxy.store.put(1, EntityType.CHANNEL, 10, "{\"id\":\"10\"}");
    proxy.store.put(1, EntityType.THREAD, 20, "{\"id\":\"20\"}");
    proxy.store.note(1, state -> state.with(EntityType.EMOJI, 0));
    proxy.store.put(1, EntityType.VOICE, 5, "{\"user_id\":\"5\"}");
    proxy.store.put(1, EntityType.PRESENCE, 5, "{\"status\":\"idle\"}");
    proxy.store.put(1, EntityType.MEMBER, 5, "{\"user\":{\"id\":\"5\",\"odd\":1.0}}");
    proxy.store.available(2, proxy.now());
    proxy.store.note(2, state -> state.with(Standing.UNAVAILABLE));
    proxy.clock.advance(Duration.ofSeconds(3));
    proxy.proven();
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "guilds | [{'id':'1','state':'available'},{'id':'2','state':'unavailable'}]",
        "guilds?after=1 | [{'id':'2','state':'unavailable'}]",
        "guilds?limit=1 | [{'id':'1','state':'available'}]",
        "guilds/1/roles | [{'id':'1'},{'id':'2'}]",
        "guilds/1/roles?after=1 | [{'id':'2'}]",
        "guilds/1/roles?limit=1 | [{'id':'1'}]",
        "guilds/1/roles/2 | {'id':'2'}",
        "guilds/1/channels | [{'id':'10'}]",
        "guilds/1/threads/20 | {'id':'20'}",
        "guilds/1/emojis | []",
        "guilds/1/voice-states | [{'user_id':'5'}]",
        "guilds/1/presences/5 | {'status':'idle'}",
        "channels/10 | {'id':'10'}",
        "channels/20 | {'id':'20'}",
        "users/5 | {'id':'5','odd':1.0}",
        "users/900000000000000001 | {'id':'900000000000000001'}",
        "batch?k=1:roles:2,1:roles:3,2:voice-states:5&k=1:voice:5 |"
            + " [{'id':'2'},null,null,{'user_id':'5'}]"
      })
  void whatIsKept_isShownAsItIs(String path, String body) throws Exception {
    ProxyResponse.Http answer = proxy.get("/@cache/" + path);
    assertThat(answer.body().utf8()).isEqualTo(body.replace('\'', '"'));
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers().first("cache-status")).contains("spectacles; hit; detail=gateway");
    assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(proxy.asked).isEmpty();
  }

  @Test
  void guild_comesWithHowMuchIsKnownOfIt() throws Exception {
    ProxyResponse.Http answer = proxy.get("/@cache/guilds/1");
    assertThat(answer.body().utf8())
        .startsWith(
            "{\"guild\":{\"id\":\"1\"},\"state\":{\"standing\":\"available\",\"synced_ms\":")
        .contains("\"counts\":{\"guild\":1,\"channels\":1,\"threads\":1,\"roles\":2,")
        .endsWith("}}}");
    assertThat(answer.headers().first("age")).contains("3");
    assertThat(answer.headers().first("x-spectacles-guild-state")).contains("available");
    ProxyResponse.Http other = proxy.get("/@cache/guilds/2");
    assertThat(other.body().utf8()).startsWith("{\"guild\":null,");
    assertThat(other.headers().first("x-spectacles-guild-state")).contains("unavailable");
  }

  @Test
  void guildNotToldYet_hasNoAge() throws Exception {
    proxy.store.note(3, state -> state.with(Standing.UNAVAILABLE));

    ProxyResponse.Http untold = proxy.get("/@cache/guilds/3");
    assertThat(untold.code()).isEqualTo(200);
    assertThat(untold.headers().first("age")).isEmpty();
    assertThat(proxy.get("/@cache/guilds").headers().first("age"))
        .as("of those that were told")
        .contains("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "guilds/3",
        "guilds/2/roles",
        "guilds/3/roles",
        "guilds/1/roles/9",
        "guilds/1/webhooks",
        "guilds/x",
        "channels/9",
        "users/9",
        "guilds/1/permissions/9",
        "nothing",
        "rest"
      })
  void whatIsNotKnown_isNotFound_andNeverAskedFor(String path) throws Exception {
    assertThat(proxy.get("/@cache/" + path).code()).isEqualTo(404);
    assertThat(proxy.asked).isEmpty();
  }

  @Test
  void membersWhoseTimeIsOver_areNotShownAsNone() throws Exception {
    proxy.store.lose(1, EntityType.MEMBER, 5);

    assertThat(proxy.get("/@cache/guilds/1/members").code()).isEqualTo(404);
  }

  @Test
  void wrongPath_isToldWhatThereIs() throws Exception {
    for (String path : List.of("zzz", "guilds/abc", "guilds/1/nonsense")) {
      assertThat(proxy.get("/@cache/" + path).body().utf8())
          .as(path)
          .contains("expected: ")
          .contains("guilds/{id}")
          .doesNotContain("rest");
    }
  }

  @Test
  void purgeOfAnUnknownGuild_isNotFound() throws Exception {
    var answer = (ProxyResponse.Http) proxy.ask("DELETE", "/@cache/guilds/3", Map.of());

    assertThat(answer.code()).isEqualTo(404);
    assertThat(proxy.purged).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "guilds?limit=0",
        "guilds?limit=1001",
        "guilds?after=x",
        "guilds/1/roles?limit=x",
        "batch",
        "batch?k=",
        "batch?k=1:roles",
        "batch?k=1:webhooks:2",
        "batch?k=x:roles:2",
        "guilds/1/permissions/5?channel=x"
      })
  void wrongQuery_isRefused(String path) throws Exception {
    assertThat(proxy.ask("GET", "/@cache/" + path, Map.of()).status())
        .isEqualTo(ResponseStatus.INVALID_QUERY);
  }

  @Test
  void batch_isBounded() throws Exception {
    String most = String.join(",", Collections.nCopies(100, "1:roles:2"));
    assertThat(proxy.get("/@cache/batch?k=" + most).code()).isEqualTo(200);
    assertThat(proxy.ask("GET", "/@cache/batch?k=" + most + ",1:roles:2", Map.of()).status())
        .isEqualTo(ResponseStatus.INVALID_QUERY);
  }

  @Test
  void stranger_seesNothing() throws Exception {
    assertThat(proxy.get("/@cache/guilds", STRANGER).code()).isEqualTo(403);
    assertThat(proxy.asked).isEmpty();
  }

  @Test
  void unprovenToken_isProvenByOneRequest() throws Exception {
    String token = GatewayProxy.token(SELF, "new");
    assertThat(proxy.get("/@cache/guilds/1", Map.of("authorization", token)).code()).isEqualTo(200);
    assertThat(proxy.get("/@cache/guilds/1", Map.of("authorization", token)).code()).isEqualTo(200);
    assertThat(proxy.asked).hasSize(1);
    ProxyRequest proof = proxy.asked.getFirst();
    assertThat(proof.path().value()).isEqualTo("/users/@me");
    assertThat(proof.headers().first("authorization")).contains(token);
  }

  @Test
  void forgedToken_isRefused_andWhoCannotBeProvenNow_isToldWhy() throws Exception {
    Map<String, String> forged = Map.of("authorization", GatewayProxy.token(SELF, "forged"));
    proxy.answers.add(GatewayProxy.fromDiscord(401));
    assertThat(proxy.get("/@cache/guilds/1", forged).code()).isEqualTo(403);
    proxy.answers.add(GatewayProxy.refusal());
    assertThat(proxy.get("/@cache/guilds/1", forged).code()).isEqualTo(429);
  }

  @Test
  void storeThatIsAway_isATimeout_andMissingFromStats() throws Exception {
    proxy.get("/@cache/guilds/1");
    proxy.store.before =
        () -> {
          throw new StoreException("away");
        };
    assertThat(proxy.get("/@cache/guilds/1").code()).isEqualTo(504);
    assertThat(proxy.get("/@cache/guilds/1").code()).isEqualTo(504);
    assertThat(proxy.get("/@cache/stats").body().utf8())
        .contains("\"store\":\"test\"")
        .contains("\"types\":null,\"missing\":\"types: the store does not answer\"}");
  }

  @Test
  void stats_tellEverybodyHowMuchThereIs() throws Exception {
    assertThat(proxy.get("/@cache/stats", STRANGER).body().utf8())
        .isEqualTo(
            "{\"gateway\":{\"store\":\"test\",\"app\":\"900\",\"lag_ms\":0,\"types\":"
                + "{\"guild\":{\"entities\":1,\"bytes\":10},"
                + "\"channels\":{\"entities\":1,\"bytes\":11},"
                + "\"threads\":{\"entities\":1,\"bytes\":11},"
                + "\"roles\":{\"entities\":2,\"bytes\":20},"
                + "\"voice\":{\"entities\":1,\"bytes\":15},"
                + "\"members\":{\"entities\":1,\"bytes\":29},"
                + "\"presences\":{\"entities\":1,\"bytes\":17}}}}");
  }

  @Test
  void purges_areForWhoeverWrites() throws Exception {
    assertThat(proxy.ask("DELETE", "/@cache/guilds/1", Map.of()))
        .isInstanceOfSatisfying(
            ProxyResponse.Http.class,
            answer -> assertThat(answer.body().utf8()).isEqualTo("{\"purged\":true}"));
    proxy.ask("DELETE", "/@cache/users/5", Map.of());
    assertThat(proxy.purged)
        .containsExactly(new Purges.Purge.OfGuild(1), new Purges.Purge.OfUser(5));
    assertThat(((ProxyResponse.Http) proxy.ask("DELETE", "/@cache/channels/1", Map.of())).code())
        .isEqualTo(404);
    assertThat(((ProxyResponse.Http) proxy.ask("PUT", "/@cache/guilds/1", Map.of())).code())
        .isEqualTo(404);
    assertThat(proxy.purged).hasSize(2);
  }

  /** 1024 is to view a channel, 2048 to send messages, 65536 to read their history, 8 all. */
  @ParameterizedTest
  @CsvSource({
    // everyone, role, overwrites, member, expected
    "1024, 0, '', 5, 1024",
    "1024, 2048, '', 5, 3072",
    "1024, 8, '', 5, 9007199254740991",
    "1024, 8, 1:0:1024, 5, 9007199254740991",
    "1024, 0, '', 6, 9007199254740991",
    "1024, 0, 1:0:1024, 6, 9007199254740991",
    "3072, 0, 1:0:2048, 5, 1024",
    "3072, 0, 1:0:2048 2:2048:0, 5, 3072",
    "3072, 0, 2:0:2048, 5, 1024",
    "3072, 0, 2:0:2048 3:2048:0, 5, 3072",
    "3072, 0, 2:2048:0 5:0:2048, 5, 1024",
    "1024, 0, 2:0:2048 5:2048:0, 5, 3072",
    "3072, 0, 9:0:1024 7:0:2048, 5, 3072",
    "68608, 0, '', 7, 66560",
    "3072, 0, '', 8, 3072",
    "68608, 8, '', 7, 9007199254740991"
  })
  void permissions_areComputedAsDocumented(
      String everyone, String role, String overwrites, long member, String expected)
      throws Exception {
    world(everyone, role, overwrites);
    String path = "/@cache/guilds/4/permissions/" + member;
    ProxyResponse.Http answer = proxy.get(overwrites.isEmpty() ? path : path + "?channel=40");
    assertThat(answer.body().utf8()).isEqualTo("{\"permissions\":\"" + expected + "\"}");
    if (!overwrites.isEmpty()) {
      assertThat(proxy.get(path + "?channel=41").body()).as("thread").isEqualTo(answer.body());
    }
  }

  private void world(String everyone, String role, String overwrites) {
    proxy.store.available(4, proxy.now());
    proxy.store.put(4, EntityType.GUILD, 4, "{\"id\":\"4\",\"owner_id\":\"6\"}");
    proxy.store.put(4, EntityType.ROLE, 4, "{\"id\":\"4\",\"permissions\":\"" + everyone + "\"}");
    proxy.store.put(4, EntityType.ROLE, 2, "{\"id\":\"2\",\"permissions\":\"" + role + "\"}");
    proxy.store.put(4, EntityType.ROLE, 3, "{\"id\":\"3\",\"permissions\":\"0\"}");
    member(5, "\"communication_disabled_until\":null");
    member(6, "\"nick\":null");
    member(7, "\"communication_disabled_until\":\"2026-01-01T01:00:00.000000+00:00\"");
    member(8, "\"communication_disabled_until\":\"2025-12-31T23:00:00.000000+00:00\"");
    var all = new StringJoiner(",", "[", "]");
    for (String each : overwrites.isEmpty() ? new String[0] : overwrites.split(" ")) {
      String[] parts = each.split(":");
      // 1 stands for everyone, whose id is the guild's.
      String id = parts[0].equals("1") ? "4" : parts[0];
      all.add("{\"id\":\"%s\",\"allow\":\"%s\",\"deny\":\"%s\"}".formatted(id, parts[1], parts[2]));
    }
    proxy.store.put(
        4, EntityType.CHANNEL, 40, "{\"id\":\"40\",\"permission_overwrites\":" + all + "}");
    proxy.store.put(4, EntityType.THREAD, 41, "{\"id\":\"41\",\"parent_id\":\"40\"}");
    proxy.store.put(4, EntityType.CHANNEL, 42, "{\"id\":\"42\",\"flags\":131072}");
  }

  private void member(long id, String more) {
    proxy.store.put(
        4,
        EntityType.MEMBER,
        id,
        "{\"user\":{\"id\":\"%d\"},\"roles\":[\"2\",\"3\",\"99\"],%s}".formatted(id, more));
  }

  @Test
  void permissions_thatCannotBeTold_areNotFound() throws Exception {
    world("1024", "0", "");
    assertThat(proxy.get("/@cache/guilds/4/permissions/9").code()).as("member").isEqualTo(404);
    assertThat(proxy.get("/@cache/guilds/4/permissions/5?channel=43").code())
        .as("channel")
        .isEqualTo(404);
    assertThat(proxy.get("/@cache/guilds/4/permissions/5?channel=42").code())
        .as("channel that the bot does not see")
        .isEqualTo(404);
    proxy.store.lose(4, EntityType.ROLE, 2);
    assertThat(proxy.get("/@cache/guilds/4/permissions/5").code()).as("roles").isEqualTo(404);
  }
}
