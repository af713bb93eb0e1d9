package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.util.Optional;

/** Cache that is asked where Discord must not be, and nothing is stored. Thread-safe. */
@FunctionalInterface
interface OtherCache {
  /** Has nothing. */
  OtherCache NONE = (request, route) -> Optional.empty();

  /** What it has, how good whatsoever. */
  Optional<ProxyResponse.Http> cached(ProxyRequest request, Route route)
      throws InterruptedException;
}
