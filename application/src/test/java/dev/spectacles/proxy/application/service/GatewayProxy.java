package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers from what the gateway told, with a scripted handler behind. */
final class GatewayProxy implements AutoCloseable {
  static final String TOKEN = token(ToldEntities.SELF, "secret");

  final ManualClock clock = new ManualClock();
  final ToldEntities store = new ToldEntities();
  final List<ProxyRequest> asked = Collections.synchronizedList(new ArrayList<>());
  final Queue<ProxyResponse> answers = new ConcurrentLinkedQueue<>();
  final List<CacheSource> sources = new CopyOnWriteArrayList<>();
  final List<Purges.Purge> purged = new CopyOnWriteArrayList<>();
  volatile Duration lag = Duration.ZERO;
  final CacheCounters counters = new CacheCounters();
  private final GatewayCache cache;
  private final HandleRequest handler;

  GatewayProxy(AnswerMode mode, boolean relaxed) {
    this(mode, relaxed, new Keeping(EnumSet.allOf(EntityType.class), true));
  }

  /** One whose store is waited for no longer than this. */
  GatewayProxy(AnswerMode mode, Duration patience) {
    this(mode, false, new Keeping(EnumSet.allOf(EntityType.class), true), patience);
  }

  GatewayProxy(AnswerMode mode, boolean relaxed, Keeping keeping) {
    this(mode, relaxed, keeping, Running.PATIENCE.dividedBy(2));
  }

  private GatewayProxy(AnswerMode mode, boolean relaxed, Keeping keeping, Duration patience) {
    var settings =
        new GatewaySettings("test", mode, relaxed, Duration.ofSeconds(5), keeping, patience);
    var events =
        new ProxyEvents() {
          @Override
          public void answeredFrom(Route route, CacheSource source) {
            sources.add(source);
          }
        };
    cache =
        new GatewayCache(
            store,
            new TinyJsonReader(),
            settings,
            () -> lag,
            counters,
            new ScriptedDiscord(),
            events,
            clock);
    HandleRequest limiter = (request, route, deadline, marker) -> next(request);
    handler = cache.beforeAll(cache.beforeLimiter(limiter), false, purged::add);
  }

  private ProxyResponse next(ProxyRequest request) {
    asked.add(request);
    ProxyResponse answer = answers.poll();
    return answer == null ? fromDiscord(200) : answer;
  }

  /** The same whose token Discord has accepted. */
  GatewayProxy proven() throws InterruptedException {
    get("/users/@me", Map.of("cache-control", "no-cache"));
    asked.clear();
    return this;
  }

  static ProxyResponse.Http fromDiscord(int code) {
    return ScriptedDiscord.answer(code, Map.of(), "\"discord\"");
  }

  /** Refusal by the proxy, as the wait would be too long. */
  static ProxyResponse refusal() {
    return Answers.made(429, "", "{}");
  }

  static ProxyResponse failure(ResponseStatus status) {
    return new ProxyResponse.Failure(status, "it failed");
  }

  static String token(long id, String secret) {
    String text = Long.toUnsignedString(id);
    return "Bot "
        + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII))
        + ".x."
        + secret;
  }

  ProxyResponse.Http get(String path) throws InterruptedException {
    return get(path, Map.of());
  }

  ProxyResponse.Http get(String path, Map<String, String> headers) throws InterruptedException {
    return (ProxyResponse.Http) ask("GET", path, headers);
  }

  ProxyResponse ask(String method, String path, Map<String, String> headers)
      throws InterruptedException {
    var all = new LinkedHashMap<String, String>();
    all.put("authorization", TOKEN);
    all.putAll(headers);
    ProxyRequest request = CachedProxy.request(method, path, all);
    return handler.handle(
        request,
        RouteResolver.resolve(request, clock.wallTime()),
        Deadline.none(),
        HandleRequest.SentMarker.NONE);
  }

  /** Whether it is from what the gateway told. */
  static boolean isTold(ProxyResponse.Http answer) {
    return answer
        .headers()
        .first("cache-status")
        .filter("spectacles; hit; detail=gateway"::equals)
        .isPresent();
  }

  long now() {
    return clock.wallTime().toEpochMilli();
  }

  @Override
  public void close() {
    cache.close();
  }
}
