package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.InMemoryCacheTags;
import dev.spectacles.proxy.application.port.out.InMemoryResponseStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the gateway told, behind the cache of REST answers. */
@Timeout(60)
class GatewayBehindCacheTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final String FROM_GATEWAY = "spectacles; hit; detail=gateway";

  private final ManualClock clock = new ManualClock();
  private final ToldEntities entities = new ToldEntities();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile HandleRequest limiter = (request, route, deadline, marker) -> answered(200);

  private final RestCache rest =
      new RestCache(
          new InMemoryResponseStore(clock),
          new InMemoryCacheTags(clock),
          new HeldForm(),
          new HeldForm(),
          CacheRoutes.of(Map.of(), false),
          CachedProxy.SETTINGS,
          ProxyEvents.NOOP,
          clock);
  private final GatewayCache gateway =
      new GatewayCache(
          entities,
          new TinyJsonReader(),
          new GatewaySettings(
              "test",
              AnswerMode.FALLBACK,
              false,
              Duration.ofSeconds(5),
              new Keeping(EnumSet.allOf(EntityType.class), true),
              Running.PATIENCE.dividedBy(2)),
          () -> Duration.ZERO,
          rest.counters(),
          new ScriptedDiscord(),
          ProxyEvents.NOOP,
          clock);
  private final HandleRequest handler =
      gateway.beforeAll(
          rest.beforeGateway(
              gateway.beforeLimiter(
                  (request, route, deadline, marker) ->
                      limiter.handle(request, route, deadline, marker)),
              new ScriptedDiscord()),
          true,
          any -> true);

  private ProxyResponse answered(int code) {
    asked.incrementAndGet();
    return GatewayProxy.fromDiscord(code);
  }

  @BeforeEach
  void fill() throws Exception {
    entities.available(1, clock.wallTime().toEpochMilli());
    entities.put(1, EntityType.ROLE, 1, "{\"id\":\"1\"}");
    entities.put(1, EntityType.VOICE, 5, "{\"user_id\":\"5\"}");
    get("GET", "/users/@me", Map.of());
    asked.set(0);
  }

  @AfterEach
  void close() {
    gateway.close();
    rest.close();
  }

  private ProxyResponse.Http get(String path) throws InterruptedException {
    return get("GET", path, Map.of());
  }

  private ProxyResponse.Http get(String method, String path, Map<String, String> headers)
      throws InterruptedException {
    var all = new LinkedHashMap<>(headers);
    all.put("authorization", GatewayProxy.TOKEN);
    ProxyRequest request = CachedProxy.request(method, path, all);
    return (ProxyResponse.Http)
        handler.handle(
            request,
            RouteResolver.resolve(request, clock.wallTime()),
            Deadline.none(),
            HandleRequest.SentMarker.NONE);
  }

  private void limited() {
    limiter =
        (request, route, deadline, marker) -> {
          asked.incrementAndGet();
          return GatewayProxy.refusal();
        };
  }

  @Test
  void order_isFreshAnswer_gateway_staleAnswer() throws Exception {
    assertThat(status(get(ROLES))).contains("stored");
    limited();
    assertThat(status(get(ROLES))).isEqualTo("spectacles; hit; ttl=5; detail=rest");
    clock.advance(Duration.ofSeconds(6));
    assertThat(status(get(ROLES))).isEqualTo(FROM_GATEWAY);
    entities.note(1, state -> state.with(Standing.STALE));
    assertThat(status(get(ROLES))).isEqualTo("spectacles; hit; ttl=-1; detail=rest");
    assertThat(rest.counters().counts())
        .containsEntry(CacheSource.REST, 1L)
        .containsEntry(CacheSource.GATEWAY, 1L)
        .containsEntry(CacheSource.STALE, 1L);
  }

  @Test
  void gatewaysAnswer_isNotStored() throws Exception {
    limited();
    assertThat(status(get(ROLES))).isEqualTo(FROM_GATEWAY);
    limiter = (request, route, deadline, marker) -> answered(200);
    assertThat(status(get(ROLES))).contains("fwd=uri-miss");
  }

  @Test
  void onlyIfCached_takesTheGatewaysAnswer_beforeThereIsNone() throws Exception {
    Map<String, String> only = Map.of("cache-control", "only-if-cached");
    assertThat(status(get("GET", ROLES, only))).isEqualTo(FROM_GATEWAY);
    assertThat(status(get("GET", "/guilds/1/voice-states/5", only))).isEqualTo(FROM_GATEWAY);
    assertThat(status(get("GET", "/users/@me", only))).as("never stored").isEqualTo(FROM_GATEWAY);
    assertThat(get("GET", "/guilds/2/roles", only).code()).isEqualTo(504);
    assertThat(asked).hasValue(0);
  }

  @Test
  void thoseWhoAskTheSame_shareTheGatewaysAnswer() throws Exception {
    int crowd = 50;
    var gate = new CountDownLatch(1);
    limiter =
        (request, route, deadline, marker) -> {
          asked.incrementAndGet();
          gate.await();
          return GatewayProxy.refusal();
        };
    List<Running<ProxyResponse.Http>> running = new ArrayList<>();
    for (int i = 0; i < crowd; i++) {
      running.add(Running.start(() -> get(ROLES)));
    }
    for (Running<ProxyResponse.Http> each : running) {
      each.awaitBlocked();
    }
    gate.countDown();
    for (Running<ProxyResponse.Http> each : running) {
      assertThat(status(each.get())).isEqualTo(FROM_GATEWAY);
    }
    assertThat(asked.get()).as("asked Discord").isLessThan(crowd / 2);
    assertThat(rest.counters().counts()).containsEntry(CacheSource.GATEWAY, (long) crowd);
  }

  @Test
  void storeThatIsAway_leavesTheRestOfTheStats() throws Exception {
    entities.before =
        () -> {
          throw new StoreException("away");
        };
    String stats = get("/@cache/stats").body().utf8();
    assertThat(stats).startsWith("{\"rest\":{").contains("\"entries\":0", "\"types\":null");
    assertThat(new TinyJsonReader().read(stats.getBytes(UTF_8)))
        .satisfies(read -> assertThat(read.members()).containsOnlyKeys("rest", "gateway"));
  }

  @Test
  void stats_areThoseOfBoth_andOtherRequestsGoToTheRestCache() throws Exception {
    String stats = get("/@cache/stats").body().utf8();
    assertThat(stats).startsWith("{\"rest\":{").contains(",\"gateway\":{\"store\":\"test\"");
    assertThat(new TinyJsonReader().read(stats.getBytes(UTF_8)))
        .satisfies(read -> assertThat(read.members()).containsOnlyKeys("rest", "gateway"));
    assertThat(get("DELETE", "/@cache/rest", Map.of()).body().utf8())
        .isEqualTo("{\"purged\":true}");
    assertThat(get("/@cache/other").code()).isEqualTo(404);
  }
}
