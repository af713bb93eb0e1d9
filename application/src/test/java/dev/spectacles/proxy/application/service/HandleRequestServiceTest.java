package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Digest;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way a request can end, with Discord and the store played by the test. */
@Timeout(60)
class HandleRequestServiceTest {
  private static final Map<String, String> BOT = Map.of("authorization", "Bot token");
  private static final ProxyRequest GET = request("GET", "/channels/1/alpha", BOT, "");
  private static final ProxyRequest POST = request("POST", "/channels/1/messages", BOT, "{}");
  private static final ProxyRequest CALLBACK =
      request("POST", "/interactions/175928847299117063/aToken/callback", BOT, "{}");

  private final ScriptedStore store = new ScriptedStore();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final ManualClock clock = new ManualClock();
  private final InMemoryEgressStore egress = new InMemoryEgressStore(clock);
  private final EgressGuard guard = Guards.of(egress, clock);
  private final RateLimiter limiter = new RateLimiter(store, guard, clock, 100, true);
  private final List<String> events = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger mostWaiting = new AtomicInteger();
  private final AtomicInteger marks = new AtomicInteger();
  private final HandleRequestService service = service(Optional.empty());

  private final class Recorder implements ProxyEvents {
    @Override
    public void rateLimited(Route route, Scope scope) {
      events.add("limited " + scope);
    }

    @Override
    public void rateLimitWaiting(int change) {
      waiting.addAndGet(change);
      mostWaiting.accumulateAndGet(waiting.get(), Math::max);
    }

    @Override
    public void retried(Route route) {
      events.add("retried");
    }

    @Override
    public void rateLimitWaited(Route route, Duration waited) {
      events.add("waited");
    }
  }

  @AfterEach
  void close() {
    assertThat(waiting).as("whatever became of them").hasValue(0);
    limiter.close();
  }

  @Test
  void answer_isPassedOnAndReported() throws Exception {
    discord.then(
        request ->
            ScriptedDiscord.answer(
                201,
                Map.of(
                    "x-ratelimit-bucket", "a",
                    "x-ratelimit-limit", "5",
                    "x-ratelimit-remaining", "4",
                    "x-ratelimit-reset", "1772366400.5",
                    "x-ratelimit-reset-after", "1"),
                "{}"));
    assertThat(code(handle(GET))).isEqualTo(201);
    Outcome.Answered reported = (Outcome.Answered) store.released.take().outcome();
    assertThat(reported.code()).isEqualTo(201);
    assertThat(reported.headers().orElseThrow().limit()).isEqualTo(5);
    assertThat(reported.limited()).isEmpty();
    assertThat(events).containsExactly("waited");
    assertThat(marks).hasValue(0);
  }

  @Test
  void post_isMarkedOnceAndBeforeItIsSent() throws Exception {
    discord
        .then(
            request -> {
              assertThat(marks).as("marked before").hasValue(1);
              return ScriptedDiscord.answer(503, Map.of(), "");
            })
        .limits("user", "1")
        .fails(Kind.NOT_SENT);
    assertThat(code(handle(POST))).isEqualTo(200);
    assertThat(discord.sent).hasSize(4);
    assertThat(marks).hasValue(1);
    assertThat(events).containsSubsequence("retried", "limited USER", "retried", "retried");
  }

  @Test
  void markerThatFails_keepsTheRequestFromBeingSent() {
    assertThatExceptionOfType(BrokerException.class)
        .isThrownBy(
            () ->
                handle(
                    POST,
                    Deadline.none(),
                    () -> {
                      throw new BrokerException("not written");
                    }));
    assertThat(discord.sent).isEmpty();
    assertThat(store.released.remove().outcome()).isEqualTo(new Outcome.NotSent());
  }

  @Test
  void deadlineThatPassesBeforeSending_isStatus8AndNothingIsMarkedOrSent() throws Exception {
    store.script =
        (token, claim) -> {
          clock.advance(Duration.ofSeconds(10));
          return store.granted(token, claim, claim.count());
        };
    assertFailure(handle(POST, in(5), SentMarker.NONE), ResponseStatus.REQUEST_TIMEOUT);
    assertThat(discord.sent).isEmpty();
    assertThat(store.released.take().outcome()).isEqualTo(new Outcome.NotSent());
  }

  @Test
  void markingThatTakesTooLong_isStatus8() throws Exception {
    ProxyResponse response = handle(POST, in(5), () -> clock.advance(Duration.ofSeconds(6)));
    assertFailure(response, ResponseStatus.REQUEST_TIMEOUT);
    assertThat(discord.sent).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "NOT_SENT, GET, 4, REQUEST_FAILURE",
    "NOT_SENT, POST, 4, REQUEST_FAILURE",
    "MAYBE_SENT, GET, 3, REQUEST_FAILURE",
    "MAYBE_SENT, DELETE, 3, REQUEST_FAILURE",
    "MAYBE_SENT, POST, 1, REQUEST_FAILURE",
    "MAYBE_SENT, PATCH, 1, REQUEST_FAILURE",
    "DEADLINE_PASSED, GET, 1, REQUEST_TIMEOUT",
    "DEADLINE_PASSED, POST, 1, REQUEST_TIMEOUT",
    "UNUSABLE_ANSWER, GET, 1, REQUEST_FAILURE",
  })
  void noAnswerAtAll_endsInItsStatusAfterSoManyTries(
      Kind kind, String method, int tries, ResponseStatus status) throws Exception {
    for (int i = 0; i < 10; i++) {
      discord.fails(kind);
    }
    ProxyRequest request = request(method, "/channels/1/alpha", BOT, "");
    ProxyResponse response = handle(request);
    assertFailure(response, status);
    assertThat(discord.sent).hasSize(tries);
    Outcome expected = kind == Kind.NOT_SENT ? new Outcome.NotSent() : new Outcome.Unknown();
    assertThat(store.released)
        .extracting(ScriptedStore.Released::outcome)
        .hasSize(tries)
        .containsOnly(expected);
    if (kind == Kind.MAYBE_SENT && !request.method().isIdempotent()) {
      assertThat(((ProxyResponse.Failure) response).message()).startsWith("outcome unknown: ");
    }
  }

  @Test
  void failureThatPasses_isRetriedAfterAPause() throws Exception {
    discord.fails(Kind.MAYBE_SENT).fails(Kind.NOT_SENT);
    long start = clock.nanoTime();
    assertThat(code(handle(GET))).isEqualTo(200);
    assertThat(Duration.ofNanos(clock.nanoTime() - start)).isEqualTo(Duration.ofMillis(750));
    assertThat(events).containsExactly("waited", "retried", "retried");
  }

  @Test
  void retryThatTheDeadlineForbids_isNotMade() throws Exception {
    discord.fails(Kind.NOT_SENT);
    ProxyResponse response =
        handle(GET, Deadline.after(Duration.ofMillis(250), clock.nanoTime()), SentMarker.NONE);
    assertFailure(response, ResponseStatus.REQUEST_FAILURE);
    assertThat(discord.sent).hasSize(1);
    discord.answers(503);
    response =
        handle(GET, Deadline.after(Duration.ofMillis(250), clock.nanoTime()), SentMarker.NONE);
    assertThat(code(response)).isEqualTo(503);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "502, POST, 4",
    "503, GET, 4",
    "500, GET, 3",
    "504, DELETE, 3",
    "500, POST, 1",
    "524, PATCH, 1",
    "400, GET, 1",
    "401, POST, 1",
    "404, GET, 1",
    "301, GET, 1",
    "204, DELETE, 1"
  })
  void errorAnswers_areRetriedAsThePolicySays_thenPassedOn(int code, String method, int tries)
      throws Exception {
    for (int i = 0; i < 10; i++) {
      discord.answers(code);
    }
    assertThat(code(handle(request(method, "/channels/1/alpha", BOT, "")))).isEqualTo(code);
    assertThat(discord.sent).hasSize(tries);
    assertThat(store.claimed).as("each a claim of its own").hasSize(tries);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "shared", "global"})
  void limitedRequest_isSentAgainInItsTurn(String scope) throws Exception {
    discord.limits(scope, "1.5");
    assertThat(code(handle(POST))).isEqualTo(200);
    assertThat(discord.sent).hasSize(2);
    Outcome.Answered first = (Outcome.Answered) store.released.take().outcome();
    assertThat(first.limited().map(TooManyRequests::retryAfter)).contains(Duration.ofMillis(1_500));
    assertThat(events).hasSize(3).contains("retried");
  }

  @Test
  void cloudflaresRefusal_isReportedAsSuch() throws Exception {
    discord.then(request -> ScriptedDiscord.answer(429, Map.of(), "<html>"));
    assertThat(code(handle(GET, in(5), SentMarker.NONE))).as("Discord's own").isEqualTo(429);
    assertThat(events).contains("limited CLOUDFLARE");
  }

  @Test
  void bannedAddress_sendsNothingUntilTheBanIsOver() throws Exception {
    discord.then(request -> ScriptedDiscord.answer(429, Map.of(), "<html>"));
    handle(GET, in(5), SentMarker.NONE);
    assertFailure(handle(GET, in(5), SentMarker.NONE), ResponseStatus.REQUEST_TIMEOUT);
    assertThat(code(handle(CALLBACK))).as("a callback too").isEqualTo(429);
    assertThat(discord.sent).hasSize(1);
    clock.advance(Duration.ofSeconds(60));
    assertThat(code(handle(GET))).isEqualTo(200);
    assertThat(code(handle(CALLBACK))).isEqualTo(200);
  }

  @Test
  void tooManyInvalidRequests_areA429MadeByTheProxy() throws Exception {
    for (int i = 0; i < 9_500; i++) {
      egress.report(new EgressReport.Invalid());
    }
    for (ProxyRequest request : List.of(GET, CALLBACK)) {
      ProxyResponse.Http response = (ProxyResponse.Http) handle(request);
      assertThat(response.code()).isEqualTo(429);
      assertThat(response.headers().first("x-spectacles-source")).contains("proxy");
      assertThat(response.body().utf8()).contains("invalid requests").contains("\"retry_after\":6");
    }
    assertThat(discord.sent).isEmpty();
    assertThat(store.claimed).isEmpty();
  }

  @Test
  void limitMetAgainAndAgain_isPassedOnInTheEnd() throws Exception {
    for (int i = 0; i < 10; i++) {
      discord.limits("user", "0.1");
    }
    assertThat(code(handle(GET))).isEqualTo(429);
    assertThat(discord.sent).hasSize(6);
  }

  @Test
  void limitThatTheDeadlineDoesNotOutlast_givesDiscords429Back() throws Exception {
    discord.limits("user", "60");
    store.script =
        (token, claim) ->
            discord.sent.isEmpty()
                ? store.granted(token, claim, 1)
                : store.held(claim, Duration.ofSeconds(60), Duration.ofSeconds(60));
    ProxyResponse.Http response = (ProxyResponse.Http) handle(POST, in(5), SentMarker.NONE);
    assertThat(response.code()).isEqualTo(429);
    assertThat(response.body().utf8()).contains("\"retry_after\":60");
    assertThat(response.headers().contains("x-spectacles-source")).as("Discord's own").isFalse();
    assertThat(discord.sent).hasSize(1);
  }

  @Test
  void callback_goesWithoutCredentials() throws Exception {
    assertThat(code(handle(CALLBACK))).isEqualTo(200);
    assertThat(discord.sent.getFirst().headers().contains("authorization")).isFalse();
    assertThat(discord.sent.getFirst().body()).isEqualTo(CALLBACK.body());
    assertThat(store.claimed).as("it needs no store").isEmpty();
    assertThat(store.released).isEmpty();
    assertThat(marks).hasValue(1);
  }

  @Test
  void callbacks429_isWaitedOutIfThatIsShort() throws Exception {
    discord.limits("user", "1.5");
    long start = clock.nanoTime();
    assertThat(code(handle(CALLBACK))).isEqualTo(200);
    assertThat(Duration.ofNanos(clock.nanoTime() - start)).isEqualTo(Duration.ofMillis(1_500));
    discord.limits("user", "4");
    assertThat(code(handle(CALLBACK))).as("due within 3 s").isEqualTo(429);
    discord.limits("user", "2");
    assertThat(code(handle(CALLBACK, in(1), SentMarker.NONE))).isEqualTo(429);
    assertThat(discord.sent).hasSize(4);
  }

  @Test
  void hold_beyondTheDeadline_isStatus8AtOnce() throws Exception {
    store.script =
        (token, claim) -> store.held(claim, Duration.ofSeconds(60), Duration.ofSeconds(60));
    ProxyResponse response = handle(GET, in(5), SentMarker.NONE);
    assertFailure(response, ResponseStatus.REQUEST_TIMEOUT);
    assertThat(((ProxyResponse.Failure) response).message()).contains("60.000 s");
    assertThat(discord.sent).isEmpty();
  }

  @Test
  void hold_beyondPatience_isA429MadeByTheProxy() throws Exception {
    store.script = (token, claim) -> store.held(claim, Duration.ofHours(2), Duration.ofHours(2));
    ProxyResponse.Http response = (ProxyResponse.Http) handle(GET);
    assertThat(response.status()).isEqualTo(ResponseStatus.SUCCESS);
    assertThat(response.code()).isEqualTo(429);
    assertThat(response.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(response.headers().first("retry-after")).contains("7200");
    assertThat(response.headers().first("content-type")).contains("application/json");
    assertThat(response.body().utf8())
        .contains("\"retry_after\":7200.000")
        .contains("\"global\":false");
    assertThat(response.url()).isEqualTo("https://discord.test/api/v10/…");
  }

  @Test
  void fullQueue_isA429MadeByTheProxy() throws Exception {
    store.script = (token, claim) -> store.held(claim, Duration.ofMinutes(5), Duration.ZERO);
    var held = new ArrayList<Running<ProxyResponse>>();
    for (int i = 0; i < 100; i++) {
      held.add(Running.start(() -> handle(GET)).awaitBlocked());
    }
    ProxyResponse.Http response = (ProxyResponse.Http) handle(GET);
    assertThat(response.code()).isEqualTo(429);
    assertThat(response.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(response.headers().first("retry-after")).contains("1");
    assertThat(mostWaiting).hasValueGreaterThanOrEqualTo(100);
    held.forEach(Running::interrupt);
    for (Running<ProxyResponse> one : held) {
      assertThat(one.failure()).isInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Reach.class, mode = EnumSource.Mode.EXCLUDE, names = "CREDENTIALS")
  void interruptedWait_isNoAnswer(Reach reach) throws Exception {
    var hold = new Hold(reach, Duration.ofMinutes(5), Duration.ZERO, 1, Duration.ZERO);
    store.script =
        (token, claim) ->
            new Grant(BucketKey.provisional(claim.route()), List.of(), Optional.of(hold));
    Running<ProxyResponse> held = Running.start(() -> handle(GET)).awaitBlocked();
    held.interrupt();
    assertThat(held.failure()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void priority_isTakenFromItsHeader() throws Exception {
    var headers = Map.of("authorization", "Bot token", "X-Spectacles-Priority", "high");
    assertThat(code(handle(request("GET", "/channels/1/alpha", headers, "")))).isEqualTo(200);
    assertThat(store.claimed.take().priority()).isEqualTo(Priority.HIGH);
  }

  @Test
  void unreadableWish_isStatus6AndNothingIsSent() throws Exception {
    ProxyResponse response =
        handle(request("GET", "/channels/1/alpha", Map.of("X-Spectacles-Max-Wait", "soon"), ""));
    assertFailure(response, ResponseStatus.INVALID_HEADERS);
    assertThat(((ProxyResponse.Failure) response).message())
        .startsWith("headers: x-spectacles-max-wait: \"soon\" (expected: a duration such as 30s");
    assertThat(store.claimed).isEmpty();
    assertThat(discord.sent).isEmpty();
  }

  @Test
  void hold_beyondTheMaximumWait_isA429AtOnce() throws Exception {
    store.script =
        (token, claim) -> store.held(claim, Duration.ofSeconds(60), Duration.ofSeconds(60));
    assertRefused(handle(waitingAtMost("59s")), "60.000");
    assertThat(discord.sent).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void maximumWait_thatIsOver_isA429WithWhatIsKnown() throws Exception {
    store.script = (token, claim) -> store.held(claim, Duration.ofMinutes(5), Duration.ZERO);
    assertRefused(handle(waitingAtMost("120ms")), "1.000");
    assertThat(store.released).isEmpty();
  }

  @Test
  void maximumWait_thatEndsBeforeTheDeadline_decides_andTheOtherWayRound() throws Exception {
    store.script =
        (token, claim) -> store.held(claim, Duration.ofSeconds(60), Duration.ofSeconds(60));
    assertRefused(handle(waitingAtMost("4s"), in(5), SentMarker.NONE), "60.000");
    assertFailure(
        handle(waitingAtMost("6s"), in(5), SentMarker.NONE), ResponseStatus.REQUEST_TIMEOUT);
  }

  @Test
  void maximumWaitOfZero_letsThroughWhatNeedNotWait() throws Exception {
    assertThat(code(handle(waitingAtMost("0s")))).isEqualTo(200);
    store.script =
        (token, claim) -> store.held(claim, Duration.ofMillis(10), Duration.ofMillis(10));
    assertRefused(handle(waitingAtMost("0s")), "0.010");
  }

  @Test
  void maximumWait_isNothingToARequestThatHadItsTurn() throws Exception {
    discord.limits("user", "60");
    store.script =
        (token, claim) -> {
          if (!discord.sent.isEmpty()) {
            clock.advance(Duration.ofSeconds(30));
          }
          return store.granted(token, claim, 1);
        };
    assertThat(code(handle(waitingAtMost("1s")))).isEqualTo(200);
    assertThat(discord.sent).hasSize(2);
  }

  @Test
  void configuredMaximumWait_isForRequestsThatSayNothing() throws Exception {
    store.script =
        (token, claim) -> store.held(claim, Duration.ofSeconds(60), Duration.ofSeconds(60));
    HandleRequestService impatient = service(Optional.of(Duration.ofSeconds(2)));
    Route route = RouteResolver.resolve(GET, clock.wallTime());
    assertRefused(impatient.handle(GET, route, Deadline.none(), SentMarker.NONE), "60.000");
    assertFailure(
        impatient.handle(waitingAtMost("1h"), route, in(5), SentMarker.NONE),
        ResponseStatus.REQUEST_TIMEOUT);
  }

  @Test
  void callback_waitsNoLongerThanItsMaximum() throws Exception {
    egress.report(new EgressReport.Banned(Duration.ofSeconds(2), Optional.empty()));
    ProxyRequest callback =
        request(
            "POST",
            "/interactions/175928847299117063/aToken/callback",
            Map.of("X-Spectacles-Max-Wait", "1s"),
            "{}");
    assertRefused(handle(callback), "2.000");
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "401, /users/@me, Bot token, true",
    "403, /users/@me, Bot token, false",
    "401, /users/@me, Bearer token, false",
    "401, /users/@me, , false",
    "401, /webhooks/1/aToken, Bot token, false",
    "401, /webhooks/1, Bot token, true",
    "401, /webhooks/1/aW50ZXJhY3Rpb246MTc1OTI4ODQ3Mjk5MTE3MDYzOmFiYw, Bot token, false",
  })
  void refusedCredentials_areReportedOnlyWhereABotsTokenCounts(
      int code, String path, String authorization, boolean expected) throws Exception {
    discord.answers(code);
    Map<String, String> headers =
        authorization == null ? Map.of() : Map.of("authorization", authorization);
    assertThat(code(handle(request("GET", path, headers, "")))).isEqualTo(code);
    Outcome.Answered reported = (Outcome.Answered) store.released.take().outcome();
    assertThat(reported.unauthorized()).isEqualTo(expected);
  }

  @Test
  void callbacks401_saysNothingOfTheBot() throws Exception {
    discord.answers(401);
    assertThat(code(handle(CALLBACK))).isEqualTo(401);
    assertThat(store.released).as("no store is told").isEmpty();
  }

  @Test
  void refusedCredentials_areA401MadeByTheProxy() throws Exception {
    var hold = new Hold(Reach.CREDENTIALS, Duration.ofSeconds(60), Duration.ZERO, 0, Duration.ZERO);
    store.script =
        (token, claim) ->
            new Grant(BucketKey.provisional(claim.route()), List.of(), Optional.of(hold));
    for (int i = 0; i < 2; i++) {
      ProxyResponse.Http response = (ProxyResponse.Http) handle(GET);
      assertThat(response.status()).isEqualTo(ResponseStatus.SUCCESS);
      assertThat(response.code()).isEqualTo(401);
      assertThat(response.headers().first("x-spectacles-source")).contains("proxy");
      assertThat(response.body().utf8())
          .isEqualTo("{\"message\":\"401: Unauthorized\",\"code\":0}");
    }
    assertThat(store.claimed).as("the second hears it without a claim").hasSize(1);
    assertThat(discord.sent).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "/gateway/bot, 200, 16, 500",
    "/api/v10/gateway/bot, 200, 64, 1600",
    "/gateway/bot, 200, 1, 0",
    "/gateway/bot, 403, 16,",
    "/gateway/bot, 200, many,",
    "/gateway/bottle, 200, 16,",
  })
  void sizeOfABot_tellsItsGlobalLimit(
      String path, int code, String shards, @Nullable Integer learnt) throws Exception {
    String body = "{\"session_start_limit\":{\"max_concurrency\":" + shards + "}}";
    discord.then(request -> ScriptedDiscord.answer(code, Map.of(), body));
    assertThat(code(handle(request("GET", path, BOT, "")))).isEqualTo(code);
    TokenId bot = new TokenId(Digest.of("Bot token"));
    assertThat(store.learned).isEqualTo(learnt == null ? Map.of() : Map.of(bot, learnt));
  }

  @Test
  void turnThatIsCancelled_waitsNoMore() throws Exception {
    store.script = (token, claim) -> store.held(claim, Duration.ofMinutes(5), Duration.ZERO);
    Route route = RouteResolver.resolve(GET, clock.wallTime());
    var turn = service.enqueue(GET, route, Deadline.none());
    assertThat(waiting).hasValue(1);
    turn.cancel();
    turn.cancel();
    assertThat(waiting).hasValue(0);
  }

  @Test
  void interruptedExchange_isOfUnknownOutcome() throws Exception {
    discord.then(
        request -> {
          throw new InterruptedException();
        });
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> handle(GET));
    assertThat(store.released.take().outcome()).isEqualTo(new Outcome.Unknown());
  }

  @Test
  void defectInTheExchange_givesTheLeaseBack() throws Exception {
    discord.then(
        request -> {
          throw new IllegalStateException("a defect");
        });
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> handle(GET));
    assertThat(store.released.take().outcome()).isEqualTo(new Outcome.Unknown());
  }

  private HandleRequestService service(Optional<Duration> maxWait) {
    return new HandleRequestService(limiter, discord, clock, new Recorder(), () -> 0, maxWait);
  }

  private static ProxyRequest waitingAtMost(String maxWait) {
    var headers = Map.of("authorization", "Bot token", "X-Spectacles-Max-Wait", maxWait);
    return request("GET", "/channels/1/alpha", headers, "");
  }

  private static void assertRefused(ProxyResponse response, String retryAfter) {
    assertThat(code(response)).isEqualTo(429);
    ProxyResponse.Http refusal = (ProxyResponse.Http) response;
    assertThat(refusal.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(refusal.body().utf8()).contains("\"retry_after\":" + retryAfter + ",");
  }

  private ProxyResponse handle(ProxyRequest request) throws InterruptedException {
    return handle(request, Deadline.none(), SentMarker.NONE);
  }

  private ProxyResponse handle(ProxyRequest request, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    Route route = RouteResolver.resolve(request, clock.wallTime());
    return service.handle(
        request,
        route,
        deadline,
        () -> {
          marks.incrementAndGet();
          marker.mark();
        });
  }

  private Deadline in(long seconds) {
    return Deadline.after(Duration.ofSeconds(seconds), clock.nanoTime());
  }

  private static int code(ProxyResponse response) {
    assertThat(response).isInstanceOf(ProxyResponse.Http.class);
    return ((ProxyResponse.Http) response).code();
  }

  private static void assertFailure(ProxyResponse response, ResponseStatus status) {
    assertThat(response).isInstanceOf(ProxyResponse.Failure.class);
    assertThat(response.status()).isEqualTo(status);
  }
}
