package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;

/**
 * Answers requests to the cache where there is none: their path is not one of Discord's. Passes all
 * others on. Thread-safe.
 */
final class NoCache implements HandleRequest {
  private final HandleRequest next;

  NoCache(HandleRequest next) {
    this.next = next;
  }

  @Override
  public ProxyResponse handle(
      ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    return enqueue(request, route, deadline).await(marker);
  }

  @Override
  public Turn enqueue(ProxyRequest request, Route route, Deadline deadline) {
    return CacheAdmin.concerns(request)
        ? marker ->
            Answers.made(
                404,
                CacheAdmin.url(request),
                "{\"message\":\"404: Not Found (this proxy has no cache)\",\"code\":0}")
        : next.enqueue(request, route, deadline);
  }
}
