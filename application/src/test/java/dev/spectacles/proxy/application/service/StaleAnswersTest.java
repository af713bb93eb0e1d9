package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.InMemoryResponseStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are used though they are not fresh any more, with the real limiter behind. */
@Timeout(60)
class StaleAnswersTest {
  private static final String ROLES = "/guilds/1/roles";

  private final ManualClock clock = new ManualClock();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final ScriptedStore limits = new ScriptedStore();
  private final EgressGuard guard = Guards.of(new InMemoryEgressStore(clock), clock);
  private final RateLimiter limiter = new RateLimiter(limits, guard, clock, 10_000, true);
  private final CachedProxy proxy =
      new CachedProxy(
          clock,
          new InMemoryResponseStore(clock),
          new InMemoryCacheTags(clock),
          CachedProxy.SETTINGS,
          ProxyEvents.NOOP,
          discord,
          api ->
              new HandleRequestService(
                  limiter, api, clock, ProxyEvents.NOOP, () -> 0, Optional.empty()));

  @BeforeEach
  void storeAnAnswer() throws InterruptedException {
    discord.then(any -> ScriptedDiscord.answer(200, Map.of(), "[1]"));
    proxy.get(ROLES);
    clock.advance(Duration.ofSeconds(6));
  }

  @AfterEach
  void close() {
    proxy.close();
    limiter.close();
  }

  @Test
  void request_withoutAnyWait_getsAFreshAnswer() throws Exception {
    discord.then(any -> ScriptedDiscord.answer(200, Map.of(), "[2]"));
    assertThat(proxy.get(ROLES).body().utf8()).isEqualTo("[2]");
  }

  @Test
  void request_whoseWaitIsKnown_getsTheStaleAnswerAtOnce() throws Exception {
    holdNormal(Duration.ofSeconds(20));
    assertStale(proxy.get(ROLES), "[1]");
    Running.awaitUntil(() -> discord.sent.size() == 2);
    assertThat(discord.sent.getLast().headers().first("x-spectacles-priority")).contains("low");
    Running.awaitUntil(() -> isHit(ROLES));
    assertThat(discord.sent).as("one refresh").hasSize(2);
  }

  @Test
  void request_whoseWaitIsNotKnown_getsTheStaleAnswerSoon() throws Exception {
    holdNormal(Duration.ZERO);
    long start = System.nanoTime();
    assertStale(proxy.get(ROLES), "[1]");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(400), Duration.ofSeconds(10));
  }

  @Test
  void followers_getTheStaleAnswerTogether() throws Exception {
    hold(Duration.ZERO);
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      running.add(proxy.getting(ROLES));
    }
    for (Running<ProxyResponse.Http> each : running) {
      assertStale(each.get(), "[1]");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("one after another it would be 25 s")
        .isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whoHasAStaleAnswer_doesNotWaitWithWhoWantsNone() throws Exception {
    hold(Duration.ZERO);
    Running<ProxyResponse.Http> patient =
        proxy.getting(ROLES, CachedProxy.with("cache-control", "max-age=0")).awaitParked();
    assertStale(proxy.get(ROLES), "[1]");
    assertThat(patient.isDone()).isFalse();
    patient.interrupt();
    assertThat(patient.failure()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void callersOwnMaximumWait_countsIfItIsShorter() throws Exception {
    hold(Duration.ofMillis(300));
    assertStale(proxy.get(ROLES, "x-spectacles-max-wait", "100ms"), "[1]");
    assertStale(proxy.get(ROLES, "x-spectacles-max-wait", "0s"), "[1]");
  }

  @Test
  void limitThatOnlyDiscordKnew_isNoReasonToWaitEither() throws Exception {
    discord.then(
        any -> {
          hold(Duration.ofSeconds(20));
          return ScriptedDiscord.limited("user", "20");
        });
    assertInstead(proxy.get(ROLES), "fwd=stale; fwd-status=429; ttl=-");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void refresh_ofARequestOfLowPriority_isMadeAsWell() throws Exception {
    limits.script =
        (token, claim) -> {
          limits.script = (again, any) -> limits.granted(again, any, any.count());
          return limits.held(claim, Duration.ofSeconds(20), Duration.ofSeconds(20));
        };
    assertStale(proxy.get(ROLES, "x-spectacles-priority", "low"), "[1]");
    Running.awaitUntil(() -> discord.sent.size() == 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "max-age=60", "min-fresh=1"})
  void caller_whoWantsNothingStale_isHeldUp(String directive) throws Exception {
    hold(Duration.ofSeconds(20));
    ProxyResponse answer =
        proxy.ask(
            CachedProxy.request("GET", ROLES, CachedProxy.with("cache-control", directive)),
            Deadline.after(Duration.ofSeconds(10), clock.nanoTime()));
    assertThat(answer.status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
  }

  @ParameterizedTest
  @CsvSource({"60, true", "61, false"})
  void whileLimited_lastsForItsTime(int seconds, boolean stale) throws Exception {
    clock.advance(Duration.ofSeconds(seconds - 1));
    hold(Duration.ofSeconds(20));
    ProxyResponse.Http answer = proxy.get(ROLES, "x-spectacles-max-wait", "1s");
    assertThat(answer.code()).isEqualTo(stale ? 200 : 429);
  }

  @Test
  void failure_isHiddenByTheStaleAnswer() throws Exception {
    for (int i = 0; i < 10; i++) {
      discord.fails(Kind.MAYBE_SENT);
    }
    assertInstead(proxy.get(ROLES), "fwd=stale; ttl=-");
  }

  @Test
  void errorOfDiscord_isHiddenByTheStaleAnswer() throws Exception {
    discord.otherwise(any -> ScriptedDiscord.answer(503, Map.of(), ""));
    assertInstead(proxy.get(ROLES), "fwd=stale; fwd-status=503; ttl=-");
    assertThat(proxy.get(ROLES, "cache-control", "no-cache").code()).isEqualTo(503);
    clock.advance(Duration.ofMinutes(6));
    assertThat(proxy.get(ROLES).code()).isEqualTo(503);
  }

  @Test
  void errorThatIsOverAtOnce_isTriedAway() throws Exception {
    discord.answers(502).then(any -> ScriptedDiscord.answer(200, Map.of(), "[2]"));
    assertThat(proxy.get(ROLES).body().utf8()).isEqualTo("[2]");
  }

  @Test
  void failureThatTookLong_isNotTriedAway() throws Exception {
    for (int i = 0; i < 10; i++) {
      discord.then(
          any -> {
            clock.advance(Duration.ofSeconds(15));
            throw new DiscordException(Kind.MAYBE_SENT, "it hangs");
          });
    }
    assertInstead(proxy.get(ROLES), "fwd=stale; ttl=-");
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void discordThatHangs_isNotWaitedForUntilItIsTooLate() throws Exception {
    var deadlines = new ArrayList<Duration>();
    discord.asked = deadline -> deadlines.add(deadline.remaining(clock.nanoTime()).orElseThrow());
    proxy.ask("GET", ROLES, Deadline.after(Duration.ofSeconds(5), clock.nanoTime()));
    proxy.ask("GET", "/guilds/2", Deadline.after(Duration.ofSeconds(5), clock.nanoTime()));
    assertThat(deadlines).containsExactly(Duration.ofMillis(4750), Duration.ofSeconds(5));
  }

  @Test
  void shortDeadline_isKeptWithTheStaleAnswer() throws Exception {
    hold(Duration.ofSeconds(20));
    ProxyResponse answer =
        proxy.ask("GET", ROLES, Deadline.after(Duration.ofMillis(100), clock.nanoTime()));
    assertStale((ProxyResponse.Http) answer, "[1]");
  }

  @Test
  void answer_thatMustBeConfirmed_isNeverUsedStale() throws Exception {
    String path = "/guilds/2/roles";
    discord.then(
        any -> ScriptedDiscord.answer(200, Map.of("cache-control", "must-revalidate"), "[1]"));
    proxy.get(path);
    clock.advance(Duration.ofSeconds(6));
    discord.otherwise(any -> ScriptedDiscord.answer(503, Map.of(), ""));
    assertThat(proxy.get(path).code()).isEqualTo(503);
  }

  @Test
  void route_whoseAnswersMustNotBeOld_isHeldUp() throws Exception {
    String bans = "/guilds/1/bans";
    proxy.get(bans);
    clock.advance(Duration.ofSeconds(6));
    discord.otherwise(any -> ScriptedDiscord.answer(503, Map.of(), ""));
    assertThat(proxy.get(bans).code()).isEqualTo(503);
  }

  @Test
  void refusal_withNothingStale_isTheAnswer() throws Exception {
    hold(Duration.ofSeconds(20));
    ProxyResponse.Http refused = proxy.get("/guilds/9/roles", "x-spectacles-max-wait", "1s");
    assertThat(refused.code()).isEqualTo(429);
    assertThat(Answers.isMade(refused)).isTrue();
  }

  @Test
  void write_endsTheUseOfTheStaleAnswer() throws Exception {
    proxy.ask("PATCH", ROLES + "/2");
    discord.otherwise(any -> ScriptedDiscord.answer(503, Map.of(), ""));
    assertThat(proxy.get(ROLES).code()).isEqualTo(503);
  }

  /** Holds what is not of low priority up. */
  private void holdNormal(Duration atLeast) {
    limits.script =
        (token, claim) ->
            claim.priority() == Priority.LOW
                ? limits.granted(token, claim, claim.count())
                : limits.held(claim, Duration.ofSeconds(20), atLeast);
  }

  private void hold(Duration atLeast) {
    limits.script = (token, claim) -> limits.held(claim, Duration.ofSeconds(20), atLeast);
  }

  private static void assertStale(ProxyResponse.Http answer, String body) {
    assertThat(answer.body().utf8()).isEqualTo(body);
    assertThat(status(answer)).contains("hit; ttl=-");
  }

  private static void assertInstead(ProxyResponse.Http answer, String status) {
    assertThat(answer.body().utf8()).isEqualTo("[1]");
    assertThat(status(answer)).contains(status);
  }

  private boolean isHit(String path) {
    try {
      return status(proxy.get(path, "cache-control", "only-if-cached")).contains("hit");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
