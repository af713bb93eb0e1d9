package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.GatewayProxy.isTold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When Discord is asked, and when what the gateway told has to do. */
@Timeout(60)
class GatewayModesTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final String MAX_WAIT = "x-spectacles-max-wait";

  private static GatewayProxy proxy(AnswerMode mode) throws Exception {
    return filled(new GatewayProxy(mode, false));
  }

  private static GatewayProxy filled(GatewayProxy proxy) throws Exception {
    proxy.store.available(1, proxy.now());
    proxy.store.put(1, EntityType.ROLE, 1, "{\"id\":\"1\"}");
    proxy.store.put(1, EntityType.CHANNEL, 10, "{\"id\":\"10\"}");
    return proxy.proven();
  }

  private static Optional<String> maxWait(GatewayProxy proxy, int index) {
    return proxy.asked.get(index).headers().first(MAX_WAIT);
  }

  @Test
  void preferred_costsNoRequest_andSaysHowOldItIs() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.clock.advance(Duration.ofMillis(7900));
      ProxyResponse.Http answer = proxy.get(ROLES);
      assertThat(isTold(answer)).isTrue();
      assertThat(answer.headers().first("age")).contains("7");
      assertThat(proxy.asked).isEmpty();
      assertThat(proxy.sources).containsExactly(CacheSource.GATEWAY);
      assertThat(proxy.counters.counts()).containsEntry(CacheSource.GATEWAY, 1L);
    }
  }

  @Test
  void fallback_asksDiscordFirst_butNotForLong() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK)) {
      assertThat(proxy.get(ROLES).body().utf8()).contains("discord");
      assertThat(maxWait(proxy, 0)).contains("500ms");
      assertThat(proxy.sources).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"2s, 500ms", "500ms, 500ms", "100ms, 100ms", "0s, 0s"})
  void fallback_leavesTheCallersOwnWish_ifItIsShorter(String own, String asked) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK)) {
      proxy.get(ROLES, Map.of(MAX_WAIT, own));
      assertThat(maxWait(proxy, 0)).contains(asked);
    }
  }

  @ParameterizedTest
  @CsvSource({"429, true", "500, true", "503, true", "401, false", "403, false", "404, false"})
  void fallback_isForWhatDiscordDoesNotAnswer(int code, boolean told) throws Exception {
    for (AnswerMode mode : List.of(AnswerMode.FALLBACK, AnswerMode.PREFER)) {
      try (GatewayProxy proxy = proxy(mode)) {
        proxy.store.available(2, proxy.now());
        proxy.store.put(2, EntityType.VOICE, 5, "{\"user_id\":\"5\"}");
        proxy.answers.add(GatewayProxy.fromDiscord(code));
        ProxyResponse.Http answer = proxy.get("/guilds/2/voice-states/5");
        assertThat(isTold(answer)).isEqualTo(told);
        assertThat(answer.code()).isEqualTo(told ? 200 : code);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResponseStatus.class,
      names = {"UNKNOWN_ERROR", "REQUEST_FAILURE", "REQUEST_TIMEOUT"})
  void fallback_isForFailures(ResponseStatus status) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK)) {
      proxy.answers.add(GatewayProxy.failure(status));
      assertThat(isTold(proxy.get(ROLES))).isTrue();
    }
  }

  @Test
  void refusedRequest_whoseAnswerIsGoneMeanwhile_waitsAsItWouldHave() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK)) {
      proxy.store.lose(1, EntityType.ROLE, 1);
      proxy.answers.add(GatewayProxy.refusal());
      assertThat(proxy.get(ROLES).body().utf8()).contains("discord");
      assertThat(proxy.asked).hasSize(2);
      assertThat(maxWait(proxy, 0)).contains("500ms");
      assertThat(maxWait(proxy, 1)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"429, 100ms", "500, 2s"})
  void whatWaitingWouldNotHaveChanged_isNotAskedAgain(int code, String own) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.FALLBACK)) {
      proxy.store.lose(1, EntityType.ROLE, 1);
      proxy.answers.add(GatewayProxy.fromDiscord(code));
      assertThat(proxy.get(ROLES, Map.of(MAX_WAIT, own)).code()).isEqualTo(code);
      assertThat(proxy.asked).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "no-store", "min-fresh=1", "max-age=6"})
  void callerWhoWantsDiscordsAnswer_getsIt(String directive) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.clock.advance(Duration.ofSeconds(7));
      proxy.answers.add(GatewayProxy.fromDiscord(500));
      assertThat(proxy.get(ROLES, Map.of("cache-control", directive)).code()).isEqualTo(500);
    }
  }

  @Test
  void maxAge_permitsWhatIsNoOlder() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.clock.advance(Duration.ofSeconds(7));
      assertThat(isTold(proxy.get(ROLES, Map.of("cache-control", "max-age=7")))).isTrue();
    }
  }

  @Test
  void onlyIfCached_takesWhateverThereIs_andAsksNobody() throws Exception {
    for (AnswerMode mode : List.of(AnswerMode.FALLBACK, AnswerMode.PREFER)) {
      try (GatewayProxy proxy = proxy(mode)) {
        Map<String, String> only = Map.of("cache-control", "only-if-cached");
        assertThat(isTold(proxy.get("/users/@me", only))).isTrue();
        assertThat(proxy.get("/guilds/2/roles", only).code()).isEqualTo(504);
        assertThat(proxy.get("/guilds/1/bans", only).code()).isEqualTo(504);
        assertThat(proxy.asked).isEmpty();
      }
    }
  }

  @Test
  void lag_stopsAnswers() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.lag = Duration.ofMillis(5001);
      assertThat(isTold(proxy.get(ROLES))).isFalse();
      proxy.lag = Duration.ofSeconds(5);
      assertThat(isTold(proxy.get(ROLES))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /guilds/1/roles/1, 200, false",
    "PATCH, /guilds/1/roles/1, 403, true",
    "PATCH, /guilds/1/roles/1, 502, false",
    "PATCH, /guilds/3/roles/1, 200, true"
  })
  void whatWasJustWritten_isNotPreferred_beforeTheGatewayCanHaveToldIt(
      String method, String path, int code, boolean told) throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.answers.add(GatewayProxy.fromDiscord(code));
      proxy.ask(method, path, Map.of());
      assertThat(isTold(proxy.get(ROLES))).isEqualTo(told);
      assertThat(isTold(proxy.get("/channels/10"))).isTrue();
      proxy.answers.add(GatewayProxy.refusal());
      assertThat(isTold(proxy.get(ROLES))).as("better than none").isTrue();
      proxy.clock.advance(Duration.ofSeconds(5));
      proxy.answers.clear();
      assertThat(isTold(proxy.get(ROLES))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is away", "has a defect"})
  void storeThatDoesNotAnswer_costsItsTimeOnce_andIsLeftAlone(String what) throws Exception {
    for (AnswerMode mode : List.of(AnswerMode.FALLBACK, AnswerMode.PREFER)) {
      try (GatewayProxy proxy = filled(new GatewayProxy(mode, Duration.ofMillis(500)))) {
        var reads = new AtomicInteger();
        proxy.clock.advance(Duration.ofSeconds(2));
        proxy.store.before =
            () -> {
              reads.incrementAndGet();
              switch (what) {
                case "hangs" ->
                    assertThat(new CountDownLatch(1).await(30, TimeUnit.SECONDS)).isTrue();
                case "is away" -> throw new StoreException("away");
                default -> throw new IllegalStateException("defect");
              }
            };
        for (int i = 0; i < 5; i++) {
          proxy.answers.add(GatewayProxy.refusal());
          assertThat(Running.start(() -> proxy.get(ROLES)).get().code()).isEqualTo(429);
        }
        assertThat(reads).hasValue(1);
        assertThat(proxy.asked).hasSize(5);
        proxy.store.before = () -> {};
        proxy.clock.advance(Duration.ofSeconds(1));
        proxy.answers.add(GatewayProxy.refusal());
        assertThat(isTold(proxy.get(ROLES))).isTrue();
      }
    }
  }

  @Test
  void garbage_isForDiscordToAnswer() throws Exception {
    try (GatewayProxy proxy = proxy(AnswerMode.PREFER)) {
      proxy.store.put(1, EntityType.ROLE, 2, "garbage");
      assertThat(isTold(proxy.get(ROLES))).isFalse();
    }
  }
}
