package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Discord says is not there, or not for the caller. */
@Timeout(60)
class CacheNegativesTest {
  private static final String MEMBER = "/guilds/1/members/2";
  private static final String HOOK = "/webhooks/5/aToken";

  private final ManualClock clock = new ManualClock();
  private final ScriptedTags tags = new ScriptedTags(clock);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final List<CacheSource> sources = new CopyOnWriteArrayList<>();
  private final CachedProxy proxy = proxy(false);

  @AfterEach
  void close() {
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/guilds/1/members/2, 10007",
    "/guilds/1/roles/2, 10011",
    "/channels/1/messages/2, 10008",
    "/channels/1, 10003"
  })
  void absence_isKeptForAFewSeconds(String path, int error) throws Exception {
    answers(404, error);
    assertThat(proxy.get(path).code()).isEqualTo(404);
    ProxyResponse.Http hit = proxy.get(path);
    assertThat(hit.code()).isEqualTo(404);
    assertThat(status(hit)).contains("hit").contains("detail=negative");
    assertThat(sources).containsExactly(CacheSource.ORIGIN, CacheSource.NEGATIVE);
    clock.advance(Duration.ofMinutes(6));
    proxy.get(path);
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void absence_whoseTimeIsOver_hidesNoErrorOfDiscord() throws Exception {
    answers(404, 10007);
    proxy.get(MEMBER);
    clock.advance(Duration.ofSeconds(6));
    answers(503, 0);
    assertThat(proxy.get(MEMBER).code()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({"404, 0", "404, 10062", "400, 50035", "405, 0", "401, 0", "403, 50001", "500, 0"})
  void otherErrors_areNotKept(int code, int error) throws Exception {
    answers(code, error);
    proxy.get(MEMBER);
    proxy.get(MEMBER);
    assertThat(discord.sent).hasSize(2);
    assertThat(store.keys).isEmpty();
  }

  @Test
  void absence_endsWithAWrite() throws Exception {
    answers(404, 10007);
    proxy.get(MEMBER);
    discord.otherwise(any -> ScriptedDiscord.answer(200, Map.of(), "{}"));
    proxy.ask("PUT", MEMBER);
    assertThat(proxy.get(MEMBER).code()).isEqualTo(200);
  }

  @Test
  void refusal_isKeptByChoice() throws Exception {
    answers(403, 50001);
    try (CachedProxy keeping = proxy(true)) {
      keeping.get(MEMBER);
      assertThat(status(keeping.get(MEMBER))).contains("detail=negative");
      assertThat(discord.sent).hasSize(1);
      clock.advance(Duration.ofSeconds(30));
      keeping.get(MEMBER);
      assertThat(discord.sent).hasSize(2);
    }
  }

  @Test
  void unauthorized_makesAllOfItsScopeInvalid_andNothingElse() throws Exception {
    Map<String, String> other = Map.of("authorization", "Bot two");
    proxy.get("/guilds/1/roles");
    proxy.get("/guilds/1/roles", other);
    proxy.get("/guilds/1/roles", Map.of());
    discord.answers(401);
    assertThat(proxy.get("/users/@me").code()).isEqualTo(401);
    assertThat(discord.sent).hasSize(4);
    assertThat(status(proxy.get("/guilds/1/roles", other))).contains("hit");
    assertThat(status(proxy.get("/guilds/1/roles", Map.of()))).contains("hit");
    assertThat(status(proxy.get("/guilds/1/roles"))).contains("fwd=uri-miss");
    assertThat(Running.next(tags.bumped)).singleElement().asString().startsWith("scope:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH", "DELETE"})
  void webhookThatIsGone_isNotAskedForAnHour_whateverTheMethod(String method) throws Exception {
    discord.then(
        any ->
            ScriptedDiscord.answer(
                404,
                Map.of("x-ratelimit-remaining", "4", "retry-after", "1", "set-cookie", "c"),
                "{\"code\":10015}"));
    assertThat(code(method, HOOK)).isEqualTo(404);
    clock.advance(Duration.ofMinutes(59));
    for (String again : List.of("GET", "POST", "PATCH", "DELETE")) {
      var answer = (ProxyResponse.Http) proxy.ask(again, HOOK);
      assertThat(answer.code()).isEqualTo(404);
      assertThat(answer.body().utf8()).isEqualTo("{\"code\":10015}");
      assertThat(answer.headers().joined()).containsOnlyKeys("date", "age", "cache-status");
      assertThat(status(answer)).isEqualTo("spectacles; hit; ttl=60; detail=negative");
      assertThat(answer.url()).as("its own").isEqualTo(discord.url(request(HOOK)));
    }
    assertThat(code("POST", HOOK + "/messages/@original")).isEqualTo(404);
    assertThat(discord.sent).hasSize(1);
    assertThat(sources).as("of GETs").filteredOn(CacheSource.NEGATIVE::equals).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(code("POST", HOOK)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/@cache/rest", "/@cache/rest?path=" + HOOK})
  void webhookThatIsGone_isAskedForAgain_afterAPurge(String purge) throws Exception {
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}"));
    code("POST", HOOK);
    code("DELETE", "/@cache/rest?path=/webhooks/5/anotherToken");
    assertThat(code("POST", HOOK)).isEqualTo(404);
    code("DELETE", purge);
    assertThat(code("POST", HOOK)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "no-store"})
  void webhookThatIsGone_isAskedFor_ifTheCallerWantsIt(String directive) throws Exception {
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}"));
    code("POST", HOOK);
    Map<String, String> headers = CachedProxy.with("cache-control", directive);
    var answer =
        (ProxyResponse.Http) proxy.ask(CachedProxy.request("POST", HOOK, headers), Deadline.none());
    assertThat(answer.code()).isEqualTo(200);
    assertThat(code("POST", HOOK)).as("there is one now").isEqualTo(200);
    assertThat(discord.sent).hasSize(3);
  }

  @Test
  void webhookThatIsGone_isSaidToBeKept() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}"));
    assertThat(status(proxy.get(HOOK)))
        .isEqualTo("spectacles; fwd=uri-miss; ttl=3600; stored; detail=negative");
  }

  @Test
  void webhookThatIsGone_isNoOther() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}"));
    code("POST", HOOK);
    assertThat(code("POST", "/webhooks/5/anotherToken")).isEqualTo(200);
    assertThat(code("POST", "/webhooks/6/aToken")).isEqualTo(200);
    assertThat(code("GET", "/webhooks/5")).isEqualTo(200);
  }

  @Test
  void webhookOfAnInteraction_isAskedAgain() throws Exception {
    String hook = "/webhooks/5/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw";
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}"));
    assertThat(code("POST", hook)).isEqualTo(404);
    assertThat(code("POST", hook)).isEqualTo(200);
  }

  @Test
  void messageThatIsGone_isNotItsWebhook() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(404, Map.of(), "{\"code\":10008}"));
    assertThat(code("PATCH", HOOK + "/messages/3")).isEqualTo(404);
    assertThat(code("POST", HOOK)).isEqualTo(200);
  }

  @Test
  void webhooksThatAreGone_areForgottenWhenTheyAreTooMany() {
    var circuit = new WebhookCircuit(clock);
    ProxyResponse.Http gone = ScriptedDiscord.answer(404, Map.of(), "{\"code\":10015}");
    for (int i = 0; i <= 10_000; i++) {
      circuit.heard(hook(i), gone);
    }
    assertThat(circuit.answer(hook(0))).isEmpty();
    assertThat(circuit.answer(hook(1))).isPresent();
    assertThat(circuit.answer(hook(10_000))).isPresent();
  }

  private static Route hook(int id) {
    return Requests.route("POST", "/webhooks/" + id + "/aToken");
  }

  private static ProxyRequest request(String path) {
    return CachedProxy.request("GET", path, Map.of());
  }

  private int code(String method, String path) throws InterruptedException {
    return ((ProxyResponse.Http)
            proxy.ask(CachedProxy.request(method, path, CachedProxy.BOT), Deadline.none()))
        .code();
  }

  private void answers(int code, int error) {
    discord.otherwise(any -> ScriptedDiscord.answer(code, Map.of(), "{\"code\":" + error + "}"));
  }

  private CachedProxy proxy(boolean negative403) {
    var settings =
        new CacheSettings(
            "test",
            10,
            Optional.empty(),
            false,
            negative403,
            StaleLimits.DEFAULT,
            Duration.ofMillis(250),
            Running.PATIENCE);
    return new CachedProxy(
        clock,
        store,
        tags,
        settings,
        new ProxyEvents() {
          @Override
          public void answeredFrom(Route route, CacheSource source) {
            sources.add(source);
          }
        },
        discord);
  }
}
