package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who ask the same at the same time. */
@Timeout(120)
class CacheStampedeTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final String MESSAGES = "/channels/1/messages";

  private final RealClock clock = new RealClock();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final Map<CacheSource, Integer> sources = new ConcurrentHashMap<>();
  private final HeldAnswer held =
      new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of(), "[1]"));
  private final CachedProxy proxy =
      new CachedProxy(
          clock,
          store,
          new InMemoryCacheTags(clock),
          CachedProxy.SETTINGS,
          new ProxyEvents() {
            @Override
            public void answeredFrom(Route route, CacheSource source) {
              sources.merge(source, 1, Integer::sum);
            }
          },
          discord);

  @AfterEach
  void close() {
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ROLES, MESSAGES})
  void tenThousandIdenticalGets_areOneRequest(String path) throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(path);
    held.awaitAsked();
    List<Running<ProxyResponse.Http>> followers = followers(path, 9_999);
    held.give();
    assertThat(leader.get().body().utf8()).isEqualTo("[1]");
    for (Running<ProxyResponse.Http> follower : followers) {
      ProxyResponse.Http answer = follower.get();
      assertThat(answer.body().utf8()).isEqualTo("[1]");
      assertThat(status(answer)).contains("collapsed; detail=coalesced");
    }
    assertThat(discord.sent).hasSize(1);
    assertThat(sources).isEqualTo(Map.of(CacheSource.ORIGIN, 1, CacheSource.COALESCED, 9_999));
  }

  @Test
  void getsAtAnyMoment_areOneRequest() throws Exception {
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < 2_000; i++) {
      running.add(proxy.getting(ROLES));
    }
    for (Running<ProxyResponse.Http> each : running) {
      each.get();
    }
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void get_thatLookedRightBeforeTheAnswerWasStored_looksAgain() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    var looked = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    store.afterGet =
        () -> {
          looked.countDown();
          assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
        };
    Running<ProxyResponse.Http> late = proxy.getting(ROLES);
    assertThat(looked.await(20, TimeUnit.SECONDS)).isTrue();
    held.give();
    leader.get();
    goOn.countDown();
    assertThat(status(late.get())).contains("hit");
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void follower_keepsItsOwnDeadline() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    Deadline soon = Deadline.after(Duration.ofMillis(30), clock.nanoTime());
    ProxyResponse late = proxy.ask(CachedProxy.request("GET", ROLES, CachedProxy.BOT), soon);
    assertThat(late.status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
    assertThat(leader.isDone()).isFalse();
    held.give();
    assertThat(leader.get().code()).isEqualTo(200);
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void follower_whoWantsToWaitNoLonger_goesByItself() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    assertThat(proxy.get(ROLES, "x-spectacles-max-wait", "20ms").code()).isEqualTo(200);
    assertThat(leader.isDone()).isFalse();
    assertThat(discord.sent).hasSize(2);
    held.give();
    leader.get();
  }

  static Stream<ScriptedDiscord.Step> whatIsNotShared() {
    return Stream.of(
        any -> {
          throw new DiscordException(DiscordException.Kind.MAYBE_SENT, "it failed");
        },
        any -> ScriptedDiscord.limited("user", "1"),
        any -> Answers.made(429, "https://discord.test/x", "{}"),
        any -> {
          throw new InterruptedException();
        },
        any -> {
          throw new IllegalStateException("a defect");
        });
  }

  @ParameterizedTest
  @MethodSource("whatIsNotShared")
  void leaderWithoutAnAnswerForOthers_isFollowedByTheNext(ScriptedDiscord.Step step)
      throws Exception {
    var failing = new HeldAnswer(step);
    discord.then(failing).then(held);
    Running<ProxyResponse> leader = Running.start(() -> proxy.ask("GET", ROLES));
    failing.awaitAsked();
    List<Running<ProxyResponse.Http>> followers = followers(ROLES, 5);
    failing.give();
    held.awaitAsked();
    Running.awaitUntil(() -> parked(followers) == 4);
    held.give();
    for (Running<ProxyResponse.Http> follower : followers) {
      assertThat(follower.get().body().utf8()).isEqualTo("[1]");
    }
    assertThat(discord.sent).hasSize(2);
    Running.awaitUntil(leader::isDone);
  }

  @Test
  void leaderThatIsInterrupted_isFollowedByTheNext() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    Running<ProxyResponse.Http> follower = proxy.getting(ROLES).awaitParked();
    leader.interrupt();
    assertThat(leader.failure()).isInstanceOf(InterruptedException.class);
    assertThat(follower.get().code()).isEqualTo(200);
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void followersOfFlightsThatAllFail_doNotQueueForEver() throws Exception {
    List<HeldAnswer> failures =
        Stream.generate(
                () ->
                    new HeldAnswer(
                        any -> {
                          throw new DiscordException(DiscordException.Kind.NOT_SENT, "it failed");
                        }))
            .limit(3)
            .toList();
    failures.forEach(discord::then);
    var together = new CountDownLatch(8);
    discord.otherwise(
        any -> {
          together.countDown();
          assertThat(together.await(20, TimeUnit.SECONDS)).as("all at once").isTrue();
          throw new DiscordException(DiscordException.Kind.NOT_SENT, "it failed");
        });
    var running = new ArrayList<Running<ProxyResponse>>();
    for (int i = 0; i < 11; i++) {
      running.add(Running.start(() -> proxy.ask("GET", ROLES)));
    }
    for (int i = 0; i < failures.size(); i++) {
      failures.get(i).awaitAsked();
      int others = 10 - i;
      Running.awaitUntil(() -> parked(running) == others);
      failures.get(i).give();
    }
    for (Running<ProxyResponse> each : running) {
      assertThat(each.get().status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
    }
    assertThat(discord.sent).hasSize(11);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 403, 500, 503})
  void errorOfDiscord_isSharedLikeAnyAnswer(int code) throws Exception {
    var error = new HeldAnswer(any -> ScriptedDiscord.answer(code, Map.of(), "{}"));
    discord.then(error);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    error.awaitAsked();
    Running<ProxyResponse.Http> follower = proxy.getting(ROLES).awaitParked();
    error.give();
    assertThat(leader.get().code()).isEqualTo(code);
    assertThat(follower.get().code()).isEqualTo(code);
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void answerThatVaries_isNotForFollowersWithOtherHeaders() throws Exception {
    var varying =
        new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of("vary", "x-one"), "[1]"));
    discord.then(varying).then(any -> ScriptedDiscord.answer(200, Map.of("vary", "x-one"), "[2]"));
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES, CachedProxy.with("x-one", "1"));
    varying.awaitAsked();
    Running<ProxyResponse.Http> same =
        proxy.getting(ROLES, CachedProxy.with("x-one", "1")).awaitParked();
    Running<ProxyResponse.Http> other =
        proxy.getting(ROLES, CachedProxy.with("x-one", "2")).awaitParked();
    varying.give();
    assertThat(leader.get().body().utf8()).isEqualTo("[1]");
    assertThat(same.get().body().utf8()).isEqualTo("[1]");
    assertThat(other.get().body().utf8()).isEqualTo("[2]");
  }

  @Test
  void noCache_startsAFlightOfItsOwn() throws Exception {
    var newer = new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of(), "[2]"));
    discord.then(held).then(newer);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    Running<ProxyResponse.Http> noCache =
        proxy.getting(ROLES, CachedProxy.with("cache-control", "no-cache"));
    newer.awaitAsked();
    Running<ProxyResponse.Http> follower = proxy.getting(ROLES).awaitParked();
    held.give();
    assertThat(leader.get().body().utf8()).isEqualTo("[1]");
    newer.give();
    assertThat(noCache.get().body().utf8()).isEqualTo("[2]");
    assertThat(follower.get().body().utf8()).as("the newer one").isEqualTo("[2]");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void urgentGet_doesNotFollowOneThatIsNot() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader =
        proxy.getting(ROLES, CachedProxy.with("x-spectacles-priority", "low"));
    held.awaitAsked();
    proxy.get(ROLES, "x-spectacles-priority", "high");
    assertThat(leader.isDone()).isFalse();
    held.give();
    leader.get();
  }

  @Test
  void onlyIfCached_doesNotFollow() throws Exception {
    discord.then(held);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    held.awaitAsked();
    assertThat(proxy.get(ROLES, "cache-control", "only-if-cached").code()).isEqualTo(504);
    held.give();
    leader.get();
  }

  @Test
  void follower_whoHasTheAnswer_isToldSo() throws Exception {
    var tagged = new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of("etag", "\"a\""), "[]"));
    discord.then(tagged);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    tagged.awaitAsked();
    Running<ProxyResponse.Http> follower =
        proxy.getting(ROLES, CachedProxy.with("if-none-match", "\"a\"")).awaitParked();
    tagged.give();
    assertThat(leader.get().code()).isEqualTo(200);
    assertThat(follower.get().code()).isEqualTo(304);
  }

  @Test
  void unchangedMessages_areNoAnswerForWhoDoesNotHaveThem() throws Exception {
    var unchanged = new HeldAnswer(any -> ScriptedDiscord.answer(304, Map.of(), ""));
    discord.then(unchanged);
    Running<ProxyResponse.Http> leader =
        proxy.getting(MESSAGES, CachedProxy.with("if-none-match", "\"a\""));
    unchanged.awaitAsked();
    Running<ProxyResponse.Http> follower = proxy.getting(MESSAGES).awaitParked();
    unchanged.give();
    assertThat(leader.get().code()).isEqualTo(304);
    assertThat(follower.get().code()).isEqualTo(200);
  }

  private List<Running<ProxyResponse.Http>> followers(String path, int count) {
    var followers = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < count; i++) {
      followers.add(proxy.getting(path));
    }
    followers.forEach(Running::awaitParked);
    return followers;
  }

  private static <T> int parked(List<Running<T>> running) {
    return (int) running.stream().filter(Running::isParked).count();
  }
}
