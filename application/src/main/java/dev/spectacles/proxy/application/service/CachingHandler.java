package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.CacheSource;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.cache.RouteRule;
import dev.spectacles.proxy.domain.cache.Storing;
import dev.spectacles.proxy.domain.ratelimit.Wishes;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers a GET from what is stored, or has it share the answer to the same request of somebody
 * else; all other requests pass. Thread-safe.
 */
final class CachingHandler implements HandleRequest {
  private final CacheParts parts;
  private final CacheAdmin admin;
  private final WebhookCircuit webhooks;

  CachingHandler(CacheParts parts, CacheAdmin admin, WebhookCircuit webhooks) {
    this.parts = parts;
    this.admin = admin;
    this.webhooks = webhooks;
  }

  @Override
  public ProxyResponse handle(
      ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    return enqueue(request, route, deadline).await(marker);
  }

  @Override
  public Turn enqueue(ProxyRequest request, Route route, Deadline deadline) {
    if (CacheAdmin.concerns(request)) {
      return marker -> admin.answer(request);
    }
    Optional<ProxyResponse.Http> gone = webhooks.answer(route);
    if (gone.isPresent()) {
      return marker -> gone(route, gone.get());
    }
    boolean get = request.method().is("GET");
    RouteRule rule = parts.rule(request);
    if (!get || rule.storage() == RouteRule.Storage.SHARE_NOTHING || !Storing.concerns(request)) {
      return new Passing(parts.next().enqueue(request, route, deadline), route, get);
    }
    try {
      Wishes wishes = Wishes.of(request.headers());
      return new CachedGet(parts, new CachedGet.Asked(request, route, rule, wishes, deadline));
    } catch (InvalidRequestException e) {
      return marker -> e.toResponse();
    }
  }

  private ProxyResponse gone(Route route, ProxyResponse.Http answer) {
    parts.answered(route, CacheSource.NEGATIVE);
    return CacheStatus.hit(Duration.ZERO, Detail.NEGATIVE).addTo(answer);
  }

  /** A request that nothing is stored of. */
  private final class Passing implements Turn {
    private final Turn turn;
    private final Route route;
    private final boolean get;

    Passing(Turn turn, Route route, boolean get) {
      this.turn = turn;
      this.route = route;
      this.get = get;
    }

    @Override
    public ProxyResponse await(SentMarker marker) throws InterruptedException {
      ProxyResponse response = turn.await(marker);
      if (!(response instanceof ProxyResponse.Http answer)) {
        return response;
      }
      webhooks.heard(route, answer);
      if (!get) {
        return answer;
      }
      parts.answered(route, CacheSource.ORIGIN);
      return CacheStatus.forwarded(Forward.BYPASS, Detail.REST).addTo(answer);
    }

    @Override
    public void cancel() {
      turn.cancel();
    }
  }
}
