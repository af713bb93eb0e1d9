package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** An instance of the proxy with its cache; between cache and Discord there is nothing. */
final class CachedProxy implements AutoCloseable {
  static final Map<String, String> BOT = Map.of("authorization", "Bot one");
  static final CacheSettings SETTINGS =
      settings(StaleLimits.DEFAULT, Running.PATIENCE.dividedBy(2));

  private final Clock clock;
  private final RestCache cache;
  private final HandleRequest handler;

  /** Instance whose requests go straight to Discord. */
  CachedProxy(
      Clock clock,
      ResponseStore store,
      CacheTags tags,
      CacheSettings settings,
      ProxyEvents events,
      ScriptedDiscord discord) {
    this(clock, store, tags, settings, events, discord, CachedProxy::direct);
  }

  /**
   * Instance with this between the two parts of its cache.
   *
   * @param limiter what stands before this way to Discord
   */
  CachedProxy(
      Clock clock,
      ResponseStore store,
      CacheTags tags,
      CacheSettings settings,
      ProxyEvents events,
      ScriptedDiscord discord,
      Function<DiscordApi, HandleRequest> limiter) {
    this.clock = clock;
    CacheRoutes routes = CacheRoutes.of(Map.of(), false);
    var form = new HeldForm();
    this.cache = new RestCache(store, tags, form, form, routes, settings, events, clock);
    this.handler = cache.beforeLimiter(limiter.apply(cache.behindLimiter(discord)), discord);
  }

  static CacheSettings settings(StaleLimits stale, Duration patience) {
    return new CacheSettings(
        "test", 10, Optional.empty(), false, false, stale, Duration.ofMillis(250), patience);
  }

  private static HandleRequest direct(DiscordApi discord) {
    return (request, route, deadline, marker) -> {
      marker.sending();
      try {
        return discord.send(request, deadline, () -> {});
      } catch (DiscordException e) {
        return Answers.failure(String.valueOf(e.getMessage()));
      }
    };
  }

  /** GET of the bot, whose path may have a query. */
  ProxyResponse.Http get(String path) throws InterruptedException {
    return get(path, BOT);
  }

  ProxyResponse.Http get(String path, Map<String, String> headers) throws InterruptedException {
    return (ProxyResponse.Http) ask(request("GET", path, headers), Deadline.none());
  }

  /** GET of the bot with one more header. */
  ProxyResponse.Http get(String path, String name, String value) throws InterruptedException {
    return get(path, with(name, value));
  }

  /** GET on a thread of its own. */
  Running<ProxyResponse.Http> getting(String path, Map<String, String> headers) {
    return Running.start(() -> get(path, headers));
  }

  /** GET of the bot on a thread of its own. */
  Running<ProxyResponse.Http> getting(String path) {
    return getting(path, BOT);
  }

  ProxyResponse ask(String method, String path) throws InterruptedException {
    return ask(method, path, Deadline.none());
  }

  ProxyResponse ask(String method, String path, Deadline deadline) throws InterruptedException {
    return ask(request(method, path, BOT), deadline);
  }

  ProxyResponse ask(ProxyRequest request, Deadline deadline) throws InterruptedException {
    return handler.handle(
        request, RouteResolver.resolve(request, clock.wallTime()), deadline, SentMarker.NONE);
  }

  /** Takes a request over from an instance that may have sent it. */
  void takeOver(ProxyRequest request) throws InterruptedException {
    handler
        .enqueue(request, RouteResolver.resolve(request, clock.wallTime()), Deadline.none())
        .sentBefore();
  }

  /** The bot's headers and one more. */
  static Map<String, String> with(String name, String value) {
    return Map.of("authorization", "Bot one", name, value);
  }

  static ProxyRequest request(String method, String path, Map<String, String> headers) {
    String[] parts = path.split("\\?", 2);
    List<QueryParameter> query =
        parts.length == 1
            ? List.of()
            : List.of(parts[1].split("&")).stream()
                .map(each -> each.split("=", 2))
                .map(each -> new QueryParameter(each[0], each[1]))
                .toList();
    try {
      return new ProxyRequest(
          new HttpMethod(method),
          ApiPath.parse(parts[0]),
          query,
          Headers.of(headers),
          Body.empty(),
          Optional.empty());
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  static String status(ProxyResponse.Http answer) {
    return answer.headers().first("cache-status").orElse("");
  }

  @Override
  public void close() {
    cache.close();
  }
}
