package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.NegativeRules;
import dev.spectacles.proxy.domain.cache.RouteRule;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.cache.Tags;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What all requests to the cache have in common. Thread-safe.
 *
 * @param next asks Discord
 * @param other may have what is not stored here
 * @param urls full URL of a request
 */
record CacheParts(
    HandleRequest next,
    OtherCache other,
    ResponseCache cache,
    Flights flights,
    Refreshes refreshes,
    CacheRoutes routes,
    CacheSettings settings,
    Function<ProxyRequest, String> urls,
    CacheCounters counters,
    ProxyEvents events,
    Clock clock) {
  /** Of every path, where answers themselves say what may be stored. */
  private static final RouteRule STRICT =
      new RouteRule("any", RouteRule.Storage.STORE, Duration.ofSeconds(1), List.of(), true);

  /** What holds for this GET. */
  RouteRule rule(ProxyRequest request) {
    if (!settings.strict()) {
      return routes.ruleOf(request.path(), request.query());
    }
    return CacheRoutes.holdsSecrets(request.path()) ? RouteRule.UNKNOWN : STRICT;
  }

  /** What is kept of answers that say that there is nothing. */
  NegativeRules negatives() {
    return new NegativeRules(false, settings.negative403());
  }

  /** Tags of its answer. */
  List<String> tags(String scope, ProxyRequest request) {
    var tags = new ArrayList<String>();
    tags.add(Tags.ALL);
    tags.add(Tags.ofScope(scope));
    tags.addAll(routes.tagsOf(request));
    return tags;
  }

  /** How long its answers may be used after they were fresh. */
  StaleLimits limits(RouteRule rule) {
    return rule.staleAllowed() ? settings.stale() : StaleLimits.NONE;
  }

  String url(ProxyRequest request) {
    return urls.apply(request);
  }

  void answered(Route route, CacheSource source) {
    counters.count(source);
    events.answeredFrom(route, source);
  }
}
