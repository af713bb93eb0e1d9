package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.application.port.out.InMemoryResponseStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are used again, and what a caller asks of that. */
@Timeout(60)
class CacheHitTest {
  private static final String ROLES = "/guilds/1/roles";

  private final ManualClock clock = new ManualClock();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final List<CacheSource> sources = new CopyOnWriteArrayList<>();
  private final CachedProxy proxy =
      new CachedProxy(
          clock,
          new InMemoryResponseStore(clock),
          new InMemoryCacheTags(clock),
          CachedProxy.SETTINGS,
          new ProxyEvents() {
            @Override
            public void answeredFrom(Route route, CacheSource source) {
              sources.add(source);
            }
          },
          discord);

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void hit_withinTtl_costsNoRequest() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"a\""), "[1]"));
    ProxyResponse.Http first = proxy.get(ROLES);
    assertThat(status(first)).isEqualTo("spectacles; fwd=uri-miss; ttl=5; stored; detail=rest");
    pass(3);
    ProxyResponse.Http hit = proxy.get(ROLES);
    assertThat(discord.sent).hasSize(1);
    assertThat(hit.code()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo(first.body());
    assertThat(hit.url()).isEqualTo(first.url());
    assertThat(hit.headers().first("age")).contains("3");
    assertThat(hit.headers().first("etag")).contains("\"a\"");
    assertThat(status(hit)).isEqualTo("spectacles; hit; ttl=2; detail=rest");
    assertThat(sources).containsExactly(CacheSource.ORIGIN, CacheSource.REST);
  }

  @Test
  void hit_tellsNothingOfTheExchangeThatIsOver() throws Exception {
    discord.then(
        any ->
            ScriptedDiscord.answer(
                200,
                Map.of(
                    "x-ratelimit-remaining", "4",
                    "x-ratelimit-bucket", "b",
                    "set-cookie", "c",
                    "cf-ray", "r",
                    "x-kept", "k"),
                "[]"));
    assertThat(proxy.get(ROLES).headers().contains("x-ratelimit-remaining")).isTrue();
    assertThat(proxy.get(ROLES).headers().joined())
        .containsOnlyKeys("x-kept", "date", "age", "cache-status");
  }

  @Test
  void answer_afterItsTtl_isAskedForAnew() throws Exception {
    proxy.get(ROLES);
    pass(5);
    assertThat(status(proxy.get(ROLES)))
        .isEqualTo("spectacles; fwd=stale; ttl=5; stored; detail=rest");
    assertThat(discord.sent).hasSize(2);
    assertThat(status(proxy.get(ROLES))).contains("hit");
  }

  @Test
  void answerWithATag_afterItsTtl_isOnlyConfirmed() throws Exception {
    discord
        .then(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"a\"", "x-old", "1"), "[1]"))
        .then(any -> ScriptedDiscord.answer(304, Map.of("etag", "\"a\"", "x-new", "2"), ""));
    proxy.get(ROLES);
    pass(6);
    ProxyResponse.Http confirmed = proxy.get(ROLES);
    assertThat(discord.sent.getLast().headers().first("if-none-match")).contains("\"a\"");
    assertThat(confirmed.code()).isEqualTo(200);
    assertThat(confirmed.body().utf8()).isEqualTo("[1]");
    assertThat(status(confirmed)).contains("fwd=stale; fwd-status=304; ttl=5; stored");
    ProxyResponse.Http hit = proxy.get(ROLES);
    assertThat(discord.sent).hasSize(2);
    assertThat(hit.body().utf8()).isEqualTo("[1]");
    assertThat(hit.headers().first("x-new")).contains("2");
    assertThat(hit.headers().first("age")).contains("0");
  }

  @Test
  void confirmation_ofAnotherAnswer_isNotBelieved() throws Exception {
    discord
        .then(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"a\""), "[1]"))
        .then(any -> ScriptedDiscord.answer(304, Map.of("etag", "\"b\""), ""))
        .then(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"b\""), "[2]"));
    proxy.get(ROLES);
    pass(6);
    assertThat(proxy.get(ROLES).body().utf8()).isEqualTo("[2]");
    assertThat(discord.sent.getLast().headers().contains("if-none-match")).isFalse();
    assertThat(discord.sent).hasSize(3);
  }

  @Test
  void caller_whoHasTheAnswer_isToldSo() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"a\""), "[1]"));
    ProxyResponse.Http first = proxy.get(ROLES, "if-none-match", "\"a\"");
    assertThat(first.code()).isEqualTo(304);
    assertThat(discord.sent.getFirst().headers().contains("if-none-match"))
        .as("asked for what can be stored")
        .isFalse();
    ProxyResponse.Http hit = proxy.get(ROLES, "if-none-match", "W/\"x\", \"a\"");
    assertThat(hit.code()).isEqualTo(304);
    assertThat(hit.body().isEmpty()).isTrue();
    assertThat(status(hit)).contains("hit");
    assertThat(proxy.get(ROLES, "if-none-match", "\"b\"").code()).isEqualTo(200);
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void query_isPartOfTheQuestion() throws Exception {
    proxy.get("/guilds/1/members?limit=1");
    proxy.get("/guilds/1/members?limit=2");
    assertThat(discord.sent).hasSize(2);
    assertThat(status(proxy.get("/guilds/1/members?limit=1"))).contains("hit");
  }

  @Test
  void answer_thatMustNotBeStored_isNot() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(200, Map.of("cache-control", "no-store"), "[]"));
    assertThat(status(proxy.get(ROLES))).doesNotContain("stored");
    proxy.get(ROLES);
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void answerThatVaries_isUsedForTheSameHeadersOnly() throws Exception {
    discord.otherwise(any -> ScriptedDiscord.answer(200, Map.of("vary", "x-one"), "[]"));
    proxy.get(ROLES, "x-one", "1");
    assertThat(status(proxy.get(ROLES, "x-one", "1"))).contains("hit");
    assertThat(status(proxy.get(ROLES, "x-one", "2"))).contains("fwd=vary-miss");
    assertThat(discord.sent).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "no-cache, fwd=request",
    "max-age=2, fwd=request",
    "min-fresh=3, fwd=request",
    "no-store, fwd=bypass"
  })
  void caller_whoWantsNoStoredAnswer_getsNone(String directive, String why) throws Exception {
    proxy.get(ROLES);
    pass(3);
    assertThat(status(proxy.get(ROLES, "cache-control", directive))).contains(why);
    assertThat(discord.sent).hasSize(2);
    assertThat(discord.sent.getLast().headers().first("cache-control")).contains(directive);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=3", "min-fresh=2", "only-if-cached", "max-stale"})
  void caller_whoIsContentWithAStoredAnswer_getsIt(String directive) throws Exception {
    proxy.get(ROLES);
    pass(3);
    assertThat(status(proxy.get(ROLES, "cache-control", directive))).contains("hit; ttl=2");
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void pragmaNoCache_isLikeNoCache() throws Exception {
    proxy.get(ROLES);
    proxy.get(ROLES, "pragma", "no-cache");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void noCache_replacesWhatIsStored() throws Exception {
    proxy.get(ROLES);
    discord.then(any -> ScriptedDiscord.answer(200, Map.of(), "[2]"));
    proxy.get(ROLES, "cache-control", "no-cache");
    assertThat(proxy.get(ROLES).body().utf8()).isEqualTo("[2]");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void noStore_leavesNothingBehind() throws Exception {
    proxy.get(ROLES, "cache-control", "no-store");
    assertThat(status(proxy.get(ROLES))).contains("fwd=uri-miss");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void maxStale_permitsWhatIsNotFreshAnyMore() throws Exception {
    proxy.get(ROLES);
    pass(9);
    ProxyResponse.Http stale = proxy.get(ROLES, "cache-control", "max-stale=4");
    assertThat(status(stale)).contains("hit; ttl=-4");
    assertThat(stale.headers().first("age")).contains("9");
    assertThat(sources).endsWith(CacheSource.STALE);
    assertThat(status(proxy.get(ROLES, "cache-control", "max-stale=3"))).contains("fwd=stale");
    assertThat(discord.sent).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/guilds/1/roles",
        "/channels/1/messages",
        "/users/@me/guilds",
        "/not/documented",
        "/webhooks/1/aToken"
      })
  void onlyIfCached_withNothingStored_isNeverSent(String path) throws Exception {
    ProxyResponse.Http answer = proxy.get(path, "cache-control", "only-if-cached");
    assertThat(answer.code()).isEqualTo(504);
    assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(status(answer)).isEmpty();
    assertThat(proxy.get(path, "cache-control", "no-store, only-if-cached").code()).isEqualTo(504);
    assertThat(discord.sent).isEmpty();
    assertThat(sources).isEmpty();
  }

  @Test
  void onlyIfCached_withAnAnswerThatIsNotFresh_isNeverSent() throws Exception {
    proxy.get(ROLES);
    pass(6);
    assertThat(proxy.get(ROLES, "cache-control", "only-if-cached").code()).isEqualTo(504);
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void answerThatIsBeingRefreshedAnyway_isGivenOutMeanwhile() throws Exception {
    var held = new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of(), "[2]"));
    discord
        .then(
            any ->
                ScriptedDiscord.answer(
                    200, Map.of("cache-control", "max-age=5, stale-while-revalidate=30"), "[1]"))
        .then(held);
    proxy.get(ROLES);
    pass(6);
    for (int i = 0; i < 3; i++) {
      assertThat(proxy.get(ROLES).body().utf8()).isEqualTo("[1]");
    }
    held.awaitAsked();
    held.give();
    Running.awaitUntil(() -> body().equals("[2]"));
    assertThat(discord.sent).as("one refresh for all").hasSize(2);
    assertThat(sources).as("nobody asked for the refresh").containsOnlyOnce(CacheSource.ORIGIN);
  }

  private String body() {
    try {
      return proxy.get(ROLES).body().utf8();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void pass(int seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }
}
