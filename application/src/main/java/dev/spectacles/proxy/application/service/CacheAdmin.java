package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheSource;
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
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Requests to the cache itself, below {@code /@cache}, which Discord never gets. Thread-safe.
 *
 * <p>{@code GET /@cache/stats} tells what this instance holds and how often it was of use; {@code
 * DELETE /@cache/rest} makes all stored answers invalid, or with {@code path} those to one path,
 * and has this instance ask again of webhooks that are gone.
 */
final class CacheAdmin {
  private static final String FIRST_SEGMENT = "@cache";

  private final ResponseCache cache;
  private final TagBumps bumps;
  private final WebhookCircuit webhooks;
  private final Clock clock;
  private final CacheCounters counters;
  private final String storeName;

  CacheAdmin(
      ResponseCache cache,
      TagBumps bumps,
      WebhookCircuit webhooks,
      CacheCounters counters,
      String storeName,
      Clock clock) {
    this.cache = cache;
    this.bumps = bumps;
    this.webhooks = webhooks;
    this.clock = clock;
    this.counters = counters;
    this.storeName = storeName;
  }

  /** Whether it is a request to the cache. */
  static boolean concerns(ProxyRequest request) {
    return PathSegments.of(request.path()).getFirst().equals(FIRST_SEGMENT);
  }

  /** Answers it. */
  ProxyResponse answer(ProxyRequest request) throws InterruptedException {
    List<String> segments = PathSegments.of(request.path());
    String what = request.method() + " " + String.join("/", segments.subList(1, segments.size()));
    return switch (what) {
      case "GET stats" -> stats(request);
      case "DELETE rest" -> purge(request);
      default ->
          Answers.made(
              404,
              url(request),
              "{\"message\":\"404: Not Found (expected: GET /@cache/stats or DELETE"
                  + " /@cache/rest)\",\"code\":0}");
    };
  }

  private ProxyResponse stats(ProxyRequest request) throws InterruptedException {
    Optional<ResponseStore.Usage> usage = cache.usage();
    if (usage.isEmpty()) {
      return Answers.internal("the store of answers does not tell what it holds");
    }
    var sources = new StringJoiner(",", "{", "}");
    for (Map.Entry<CacheSource, Long> each : counters.counts().entrySet()) {
      String name = each.getKey().name().toLowerCase(Locale.ROOT);
      sources.add("\"" + name + "\":" + each.getValue());
    }
    return Answers.made(
        200,
        url(request),
        "{\"rest\":{\"store\":\"%s\",\"entries\":%d,\"bytes\":%d,\"answers\":%s}}"
            .formatted(storeName, usage.get().entries(), usage.get().bytes(), sources));
  }

  private ProxyResponse purge(ProxyRequest request) throws InterruptedException {
    Optional<String> path =
        request.query().stream()
            .filter(parameter -> parameter.name().equals("path"))
            .map(QueryParameter::value)
            .findFirst();
    try {
      String tag = Tags.ALL;
      if (path.isPresent()) {
        ApiPath only = ApiPath.parse(path.get());
        tag = Tags.ofUri(only);
        webhooks.forget(RouteResolver.resolve(get(only), clock.wallTime()));
      } else {
        webhooks.forgetAll();
      }
      if (!bumps.bump(List.of(tag))) {
        return Answers.internal("the answers are not purged yet: that is tried until it is done");
      }
    } catch (InvalidRequestException e) {
      return e.toResponse();
    }
    return Answers.made(200, url(request), "{\"purged\":true}");
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
