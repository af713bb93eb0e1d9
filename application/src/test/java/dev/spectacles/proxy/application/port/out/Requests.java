package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and routes for tests, from method and path. */
public final class Requests {
  private Requests() {}

  /** Request without headers and body. */
  public static ProxyRequest request(String method, String path) {
    return request(method, path, Map.of(), "");
  }

  /** Request with these headers and this body. */
  public static ProxyRequest request(
      String method, String path, Map<String, String> headers, String body) {
    try {
      return new ProxyRequest(
          new HttpMethod(method),
          ApiPath.parse(path),
          List.of(),
          Headers.of(headers),
          Body.of(body),
          Optional.empty());
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  /** Route of a request with this method and path. */
  public static Route route(String method, String path) {
    return RouteResolver.resolve(request(method, path), Instant.parse("2026-01-01T00:00:00Z"));
  }
}
