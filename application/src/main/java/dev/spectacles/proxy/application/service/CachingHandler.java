package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.cache.RequestDirectives;
import dev.spectacles.proxy.domain.cache.RouteRule;
import dev.spectacles.proxy.domain.cache.StoredResponse;
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
  private final TagBumps bumps;

  CachingHandler(CacheParts parts, CacheAdmin admin, WebhookCircuit webhooks, TagBumps bumps) {
    this.parts = parts;
    this.bumps = bumps;
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
    Optional<StoredResponse> gone = webhooks.answer(route);
    if (gone.isPresent() && !asksDiscord(request)) {
      return marker -> gone(request, route, gone.get());
    }
    if (!request.method().is("GET")) {
      return new Passing(request, route, parts.next().enqueue(request, route, deadline));
    }
    RouteRule rule = parts.rule(request);
    if (rule.storage() == RouteRule.Storage.SHARE_NOTHING || !Storing.concerns(request)) {
      return RequestDirectives.of(request.headers()).onlyIfCached()
          ? marker -> CachedGet.onlyIfCached(parts, request, route)
          : new Passing(request, route, parts.next().enqueue(request, route, deadline));
    }
    try {
      Wishes wishes = Wishes.of(request.headers());
      return new CachedGet(parts, new CachedGet.Asked(request, route, rule, wishes, deadline));
    } catch (InvalidRequestException e) {
      return marker -> e.toResponse();
    }
  }

  private static boolean asksDiscord(ProxyRequest request) {
    RequestDirectives directives = RequestDirectives.of(request.headers());
    return directives.noCache() || directives.noStore();
  }

  private ProxyResponse gone(ProxyRequest request, Route route, StoredResponse gone) {
    if (request.method().is("GET")) {
      parts.answered(route, CacheSource.NEGATIVE);
    }
    Duration age = gone.age(parts.clock().wallTime());
    ProxyResponse.Http answer =
        gone.hit(age, CacheStatus.hit(gone.lifetime().minus(age), Detail.NEGATIVE));
    // It may have been asked for with another method, and below another path.
    return new ProxyResponse.Http(
        answer.code(), answer.headers(), parts.url(request), answer.body());
  }

  /** A request that nothing is stored of. */
  private final class Passing implements Turn {
    private final ProxyRequest request;
    private final Route route;
    private final Turn turn;

    Passing(ProxyRequest request, Route route, Turn turn) {
      this.request = request;
      this.route = route;
      this.turn = turn;
    }

    @Override
    public ProxyResponse await(SentMarker marker) throws InterruptedException {
      ProxyResponse response = turn.await(marker);
      if (!(response instanceof ProxyResponse.Http answer)) {
        return response;
      }
      Optional<StoredResponse> kept = webhooks.heard(route, answer);
      if (!request.method().is("GET") || Answers.isMade(answer)) {
        return answer;
      }
      parts.answered(route, CacheSource.ORIGIN);
      CacheStatus status =
          kept.isPresent()
              ? CacheStatus.forwarded(Forward.URI_MISS, Detail.NEGATIVE)
                  .asStored(kept.get().lifetime())
              : CacheStatus.forwarded(Forward.BYPASS, Detail.REST);
      return status.addTo(answer);
    }

    @Override
    public void cancel() {
      turn.cancel();
    }

    /** Nobody is left who could tell what has changed. */
    @Override
    public void sentBefore() throws InterruptedException {
      turn.sentBefore();
      bumps.bump(parts.routes().bumpedWithoutAnswer(request));
    }
  }
}
