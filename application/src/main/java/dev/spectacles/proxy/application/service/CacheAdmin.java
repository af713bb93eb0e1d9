package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.NegativeRules;
import dev.spectacles.proxy.domain.cache.Tags;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Requests to the cache itself, below {@code /@cache}, which Discord never gets. Thread-safe.
 *
 * <p>{@code GET /@cache/stats} tells what this instance holds, {@code null} while the store does
 * not tell, and how often it was of use; {@code DELETE /@cache/rest} makes all stored answers
 * invalid, or with {@code path} those to one path, and has this instance ask again of webhooks that
 * are gone.
 */
final class CacheAdmin {
  private static final String FIRST_SEGMENT = "@cache";

  private final ResponseCache cache;
  private final TagBumps bumps;
  private final WebhookCircuit webhooks;
  private final Clock clock;
  private final CacheCounters counters;
  private final CacheSettings settings;

  CacheAdmin(
      ResponseCache cache,
      TagBumps bumps,
      WebhookCircuit webhooks,
      CacheCounters counters,
      CacheSettings settings,
      Clock clock) {
    this.cache = cache;
    this.bumps = bumps;
    this.webhooks = webhooks;
    this.clock = clock;
    this.counters = counters;
    this.settings = settings;
  }

  /** Whether it is a request to the cache. */
  static boolean concerns(ProxyRequest request) {
    return PathSegments.of(request.path()).getFirst().equals(FIRST_SEGMENT);
  }

  /** Whether it is about stored answers alone. */
  static boolean isOfAnswers(ProxyRequest request) {
    List<String> segments = PathSegments.of(request.path());
    return segments.size() == 2 && segments.getLast().equals("rest");
  }

  /** Answers it. */
  ProxyResponse answer(ProxyRequest request) throws InterruptedException {
    List<String> segments = PathSegments.of(request.path());
    String what = request.method() + " " + String.join("/", segments.subList(1, segments.size()));
    return switch (what) {
      case "GET stats" -> stats(request);
      case "DELETE rest" -> purge(request);
      default ->
          refused(
              request, 404, "404: Not Found (expected: GET /@cache/stats or DELETE /@cache/rest)");
    };
  }

  private ProxyResponse stats(ProxyRequest request) throws InterruptedException {
    Optional<ResponseStore.Usage> usage = cache.usage();
    var sources = new StringJoiner(",", "{", "}");
    for (Map.Entry<CacheSource, Long> each : counters.counts().entrySet()) {
      String name = each.getKey().name().toLowerCase(Locale.ROOT);
      sources.add("\"" + name + "\":" + each.getValue());
    }
    return Answers.made(
        200,
        url(request),
        "{\"rest\":{\"store\":\"%s\",\"entries\":%s,\"bytes\":%s,\"answers\":%s}}"
            .formatted(
                settings.store(),
                told(usage.map(ResponseStore.Usage::entries)),
                told(usage.map(ResponseStore.Usage::bytes)),
                sources));
  }

  private static String told(Optional<Long> number) {
    return number.map(String::valueOf).orElse("null");
  }

  private ProxyResponse purge(ProxyRequest request) throws InterruptedException {
    List<QueryParameter> query = request.query();
    if (query.size() > 1 || !query.stream().allMatch(each -> each.name().equals("path"))) {
      return refused(request, 400, "400: Bad Request (expected: no query, or path alone)");
    }
    if (query.isEmpty()) {
      webhooks.forgetAll();
      return purged(request, Tags.ALL);
    }
    try {
      ApiPath path = ApiPath.parse(query.getFirst().value());
      Route route = RouteResolver.resolve(get(path), clock.wallTime());
      if (!settings.strict()
          && !CacheRoutes.knows(path)
          && NegativeRules.webhook(route).isEmpty()) {
        return refused(
            request, 400, "400: Bad Request (expected: the path of a GET whose answers are kept)");
      }
      webhooks.forget(route);
      return purged(request, Tags.ofUri(path));
    } catch (InvalidRequestException e) {
      return e.toResponse();
    }
  }

  private ProxyResponse purged(ProxyRequest request, String tag) throws InterruptedException {
    return bumps.bump(List.of(tag))
        ? Answers.made(200, url(request), "{\"purged\":true}")
        : refused(
            request,
            503,
            "503: Service Unavailable (not purged for all instances yet: the store that they share"
                + " does not answer; this is tried until it is done)");
  }

  private static ProxyResponse refused(ProxyRequest request, int code, String why) {
    return Answers.made(code, url(request), "{\"message\":\"%s\",\"code\":0}".formatted(why));
  }

  private static ProxyRequest get(ApiPath path) {
    return new ProxyRequest(
        new HttpMethod("GET"), path, List.of(), Headers.empty(), Body.empty(), Optional.empty());
  }

  /** What stands for the URL of a request that goes nowhere. */
  static String url(ProxyRequest request) {
    return "spectacles:" + request.path().value();
  }
}
