package dev.spectacles.proxy.adapter.metrics;

import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.OptionalLong;

/** Metrics of an instance that has seen each event, and shows all there is to be looked at. */
final class BusyProxy implements AutoCloseable {
  final PrometheusProxyEvents events = new PrometheusProxyEvents();
  private final PrometheusVitals vitals = new PrometheusVitals(events, "1.2.3");

  BusyProxy() {
    vitals.ready(() -> true);
    vitals.broker(() -> true, () -> OptionalLong.of(3));
    vitals.invalidRequests(10_000, () -> 42);
    vitals.limiterStore(() -> false);
    vitals.heldLimits(1000, 64 << 20);
    vitals.ingest(() -> Duration.ofMillis(1500));
    for (String key : new String[] {"POST /channels/:id/messages", "GET /@cache/guilds/:number"}) {
      see(new Route(new RouteKey(key), MajorParameter.NONE, new BlockKey(key), Route.Kind.OTHER));
    }
    see(Route.UNREADABLE);
    events.replyLost();
    events.redelivered();
    events.expiredUnsent();
    events.sendPublished();
    events.sendDropped();
    events.sendFailed();
    events.invalidRequests(41);
    events.egressBlocked(true);
    events.held(3, 4096);
    events.eventsIngested(5);
    events.eventDropped();
    events.ingestLag(Duration.ofSeconds(1));
    events.degraded(true);
  }

  private void see(Route route) {
    events.requestReceived();
    events.rateLimitWaiting(1);
    events.inFlight(1);
    events.rateLimitWaited(route, Duration.ofMillis(700));
    events.retried(route);
    for (CacheSource source : CacheSource.values()) {
      events.answeredFrom(route, source);
    }
    for (Scope scope : Scope.values()) {
      events.rateLimited(route, scope);
    }
    for (int code : new int[] {200, 404, 7}) {
      events.requestFinished(
          route,
          new ProxyResponse.Http(code, Headers.empty(), "", Body.empty()),
          Duration.ofMillis(800));
    }
    events.requestFinished(
        route, new ProxyResponse.Failure(ResponseStatus.REQUEST_TIMEOUT, "no"), Duration.ZERO);
  }

  Exposition scrape() {
    return Exposition.parse(events.scrape());
  }

  @Override
  public void close() {
    vitals.close();
    events.close();
  }
}
