package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.RouteResolver;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of troubles that others cause: once when they begin, once when they end. */
@Timeout(60)
class ToldTroublesTest {
  private static final String BOT = "Bot MTc1OTI4ODQ3Mjk5MTE3MDYz.marked.secret";
  private static final ProxyRequest POST =
      request("POST", "/channels/1/messages", Map.of("authorization", BOT), "{}");

  private final ScriptedStore store = new ScriptedStore();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final ManualClock clock = new ManualClock();
  private final EgressGuard guard = Guards.of(new InMemoryEgressStore(clock), clock);
  private final RateLimiter limiter = new RateLimiter(store, guard, clock, 100, true);
  private final HandleRequestService service =
      new HandleRequestService(
          limiter, discord, clock, ProxyEvents.NOOP, () -> 0, Optional.empty());

  @AfterEach
  void close() {
    limiter.close();
  }

  @Test
  void discordThatDoesNotAnswer_isToldOnce_andOnceWhenItDoes() throws Exception {
    try (var log = new CapturedLog(DiscordWatch.class)) {
      discord.fails(Kind.MAYBE_SENT).fails(Kind.MAYBE_SENT);
      handle(POST);
      handle(POST);
      assertThat(log.text())
          .isEqualTo(
              "WARN Discord does not answer: it failed; requests fail with status 7 until it"
                  + " does");

      handle(POST);
      handle(POST);
      assertThat(log.text().lines()).hasSize(2).last().isEqualTo("INFO Discord answers again");
    }
  }

  @Test
  void deadlineOfTheCaller_isNoTroubleOfDiscord() throws Exception {
    try (var log = new CapturedLog(DiscordWatch.class)) {
      discord.fails(Kind.DEADLINE_PASSED);
      handle(POST);
      assertThat(log.text()).isEmpty();
    }
  }

  @Test
  void refusedToken_isToldOnceByTheIdOfItsBot_andOnceWhenItIsAccepted() throws Exception {
    try (var log = new CapturedLog(DiscordWatch.class)) {
      discord.answers(401).answers(401).answers(404);
      handle(POST);
      handle(POST);
      handle(POST);
      assertThat(log.text())
          .isEqualTo(
              "WARN Discord refuses the token of bot 175928847299117063 (401): give its workers the"
                  + " current one");

      handle(POST);
      assertThat(log.text().lines())
          .hasSize(2)
          .last()
          .isEqualTo("INFO Discord accepts the token of bot 175928847299117063 again");
      assertThat(log.text()).doesNotContain("secret");
    }
  }

  @Test
  void manyRefusedTokens_areNotToldWithoutEnd() throws Exception {
    try (var log = new CapturedLog(DiscordWatch.class)) {
      discord.otherwise(request -> ScriptedDiscord.answer(401, Map.of(), "{}"));
      for (int i = 0; i < 120; i++) {
        handle(request("GET", "/users/@me", Map.of("authorization", "Bot made.up." + i), ""));
      }
      assertThat(log.text().lines())
          .hasSize(101)
          .last()
          .isEqualTo("WARN Discord refuses more than 100 tokens (401); others are not told");
    }
  }

  @Test
  void storeThatIsAway_isToldOnceForAllCallers_andOnceWhenItIsBack() throws Exception {
    var answering = store.script;
    ProxyRequest other =
        request("POST", "/channels/1/messages", Map.of("authorization", "Bot two"), "{}");
    try (var log = new CapturedLog(TokenPump.class)) {
      store.away = Optional.of(Duration.ofSeconds(2));
      store.script =
          (token, claim) -> {
            throw new StoreException("Redis is down");
          };
      assertThat(handle(POST).status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);
      assertThat(handle(other).status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);
      assertThat(log.text())
          .isEqualTo("WARN requests wait for the rate limit store: Redis is down");

      store.away = Optional.empty();
      store.script = answering;
      clock.advance(Duration.ofSeconds(1));
      handle(POST);
      handle(other);
      assertThat(log.text().lines())
          .hasSize(2)
          .last()
          .isEqualTo("INFO requests wait for the rate limit store no more");
    }
  }

  @Test
  void unknownHeaderForTheProxy_isToldOncePerName_withAGuess() throws Exception {
    try (var log = new CapturedLog(UnknownWishes.class)) {
      var headers =
          Map.of("authorization", BOT, "X-Spectacles-Prioritty", "high", "X-Other", "mine");
      handle(request("GET", "/users/@me", headers, ""));
      handle(request("GET", "/users/@me", headers, ""));
      assertThat(log.text())
          .isEqualTo(
              "WARN request header x-spectacles-prioritty is ignored (expected: one of"
                  + " x-spectacles-priority, x-spectacles-max-wait) (did you mean"
                  + " x-spectacles-priority?)");

      for (int i = 0; i < 100; i++) {
        handle(request("GET", "/users/@me", Map.of("X-Spectacles-" + i + "x".repeat(99), ""), ""));
      }
      assertThat(log.text().lines()).hasSize(20).allMatch(line -> line.length() < 200);
    }
  }

  private ProxyResponse handle(ProxyRequest request) throws InterruptedException {
    return service.handle(
        request,
        RouteResolver.resolve(request, clock.wallTime()),
        Deadline.none(),
        SentMarker.NONE);
  }
}
