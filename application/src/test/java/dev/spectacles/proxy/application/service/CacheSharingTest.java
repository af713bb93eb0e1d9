package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may get the answer that another one got. */
@Timeout(60)
class CacheSharingTest {
  private static final List<Map<String, String>> CALLERS =
      List.of(
          Map.of("authorization", "Bot one"),
          Map.of("authorization", "Bot two"),
          Map.of("authorization", "bot one"),
          Map.of("authorization", "Bearer one"),
          Map.of());

  private final ManualClock clock = new ManualClock();
  private final ScriptedDiscord discord = new ScriptedDiscord().otherwise(CacheSharingTest::own);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final CachedProxy proxy =
      new CachedProxy(
          clock,
          store,
          new InMemoryCacheTags(clock),
          CachedProxy.SETTINGS,
          ProxyEvents.NOOP,
          discord);

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void tracesOfCallers_areTheirOwn_andShareAnswersAllTheSame() throws Exception {
    String first = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    String second = "00-00000000000000000000000000000001-00f067aa0ba902b7-01";
    proxy.get("/guilds/1/roles", "traceparent", first);
    var hit = proxy.get("/guilds/1/roles", "traceparent", second);

    assertThat(discord.sent).hasSize(1);
    assertThat(discord.sent.getFirst().headers().first("traceparent")).contains(first);
    assertThat(hit.headers().first("cache-status").orElseThrow()).contains("hit");
    assertThat(hit.headers().joined()).doesNotContainKey("traceparent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/guilds/1/roles",
        "/users/2",
        "/voice/regions",
        "/applications/3/commands",
        "/channels/1/messages",
        "/gateway/bot",
        "/users/@me",
        "/users/@me/guilds",
        "/webhooks/1/aToken",
        "/not/documented"
      })
  void answer_isNeverAnothersCallers(String path) throws Exception {
    for (int round = 0; round < 2; round++) {
      for (Map<String, String> caller : CALLERS) {
        assertThat(proxy.get(path, caller).body().utf8()).isEqualTo(name(caller));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/guilds/1/roles", "/channels/1/messages", "/users/@me/guilds", "/users/@me"})
  void answer_toManyAtATime_isNeverAnothersCallers(String path) throws Exception {
    var all = new CountDownLatch(CALLERS.size());
    discord.otherwise(
        request -> {
          // Nobody has an answer before everybody's request is on its way.
          all.countDown();
          assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
          return own(request);
        });
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < 200; i++) {
      running.add(proxy.getting(path, CALLERS.get(i % CALLERS.size())));
    }
    for (int i = 0; i < running.size(); i++) {
      String own = name(CALLERS.get(i % CALLERS.size()));
      assertThat(running.get(i).get().body().utf8()).isEqualTo(own);
    }
  }

  @Test
  void keysOfTheStore_tellNoCredentials() throws Exception {
    proxy.get("/guilds/1/roles");
    proxy.get("/guilds/1/roles", Map.of());
    assertThat(store.keys).hasSize(2);
    assertThat(store.keys.get(0).scope()).matches("[0-9a-f]{32}");
    assertThat(store.keys.get(1).scope()).isEqualTo("anon");
    assertThat(store.keys).allSatisfy(key -> assertThat(key.hash()).matches("[0-9a-f]{32}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/channels/1/messages", "/gateway/bot", "/users/@me"})
  void answerOfTheMoment_isSharedOnlyWhileItIsOnItsWay(String path) throws Exception {
    var held = new HeldAnswer(CacheSharingTest::own);
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(path);
    held.awaitAsked();
    Running<ProxyResponse.Http> follower = proxy.getting(path).awaitParked();
    held.give();
    leader.get();
    assertThat(status(follower.get()))
        .isEqualTo("spectacles; fwd=uri-miss; collapsed; detail=coalesced");
    assertThat(discord.sent).hasSize(1);
    proxy.get(path);
    assertThat(discord.sent).as("nothing was stored").hasSize(2);
    assertThat(store.usage().entries()).isZero();
  }

  @Test
  void maximumWait_isOneForAllThatARequestWaitsFor() throws Exception {
    proxy.get("/guilds/2/roles");
    var failing =
        new HeldAnswer(
            any -> {
              throw new DiscordException(DiscordException.Kind.NOT_SENT, "it failed");
            });
    discord.then(failing);
    Running<ProxyResponse> leader = Running.start(() -> proxy.ask("GET", "/guilds/1/roles"));
    failing.awaitAsked();
    int calls = store.calls.get();
    Running<ProxyResponse.Http> follower =
        proxy.getting("/guilds/1/roles", CachedProxy.with("x-spectacles-max-wait", "15s"));
    Running.awaitUntil(() -> store.calls.get() > calls);
    clock.advance(Duration.ofMillis(300));
    failing.give();
    leader.get();
    assertThat(follower.get().code()).isEqualTo(200);
    assertThat(discord.sent.getLast().headers().first("x-spectacles-max-wait")).contains("14700ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/@me/guilds", "/webhooks/1/aToken", "/not/documented"})
  void answerOfAPrivateRoute_isNotEvenSharedOnItsWay(String path) throws Exception {
    assertThat(sentAtATime("GET", path, Map.of(), "")).isEqualTo(2);
    assertThat(store.usage().entries()).isZero();
    assertThat(status(proxy.get(path))).isEqualTo("spectacles; fwd=bypass; detail=rest");
  }

  @Test
  void requestsThatAreNoPlainGet_passOneByOne() throws Exception {
    String path = "/guilds/1/roles";
    assertThat(sentAtATime("HEAD", path, Map.of(), "")).isEqualTo(2);
    assertThat(sentAtATime("POST", path, Map.of(), "{}")).isEqualTo(2);
    assertThat(sentAtATime("GET", path, Map.of(), "{}")).isEqualTo(2);
    assertThat(sentAtATime("GET", path, Map.of("range", "bytes=0-1"), "")).isEqualTo(2);
    assertThat(sentAtATime("GET", path, Map.of("if-match", "\"a\""), "")).isEqualTo(2);
    assertThat(sentAtATime("GET", path, Map.of("cache-control", "no-store"), "")).isEqualTo(2);
    assertThat(store.usage().entries()).isZero();
  }

  @Test
  void answerToAWrite_isAsDiscordMadeIt() throws Exception {
    var answer = (ProxyResponse.Http) proxy.ask("POST", "/guilds/1/roles");
    assertThat(answer.headers().fields()).isEmpty();
  }

  /** How many of two requests that are under way at the same time reach Discord. */
  private int sentAtATime(String method, String path, Map<String, String> headers, String body)
      throws InterruptedException {
    discord.sent.clear();
    var one = new HeldAnswer(CacheSharingTest::own);
    var other = new HeldAnswer(CacheSharingTest::own);
    discord.then(one).then(other);
    var running = new ArrayList<Running<ProxyResponse>>();
    for (int i = 0; i < 2; i++) {
      ProxyRequest request = Requests.request(method, path, headers, body);
      running.add(Running.start(() -> proxy.ask(request, Deadline.none())));
    }
    one.awaitAsked();
    other.awaitAsked();
    one.give();
    other.give();
    for (Running<ProxyResponse> each : running) {
      each.get();
    }
    return discord.sent.size();
  }

  private static ProxyResponse.Http own(ProxyRequest request) {
    String caller = request.headers().first("authorization").orElse("nobody");
    return ScriptedDiscord.answer(200, Map.of(), caller);
  }

  private static String name(Map<String, String> caller) {
    return caller.getOrDefault("authorization", "nobody");
  }
}
