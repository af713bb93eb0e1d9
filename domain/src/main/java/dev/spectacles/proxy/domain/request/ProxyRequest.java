package dev.spectacles.proxy.domain.request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Request to Discord as a worker asked for it, checked.
 *
 * @param path below Discord's versioned API root
 * @param timeout the caller's own limit, from when the proxy took the request up
 */
public record ProxyRequest(
    HttpMethod method,
    ApiPath path,
    List<QueryParameter> query,
    Headers headers,
    Body body,
    Optional<Duration> timeout) {
  private static final int OVERHEAD = 512;

  public ProxyRequest {
    query = List.copyOf(query);
  }

  /** The same with other headers. */
  public ProxyRequest with(Headers others) {
    return new ProxyRequest(method, path, query, others, body, timeout);
  }

  /** Estimate of the memory it takes, in bytes. */
  public long weight() {
    long weight = OVERHEAD + body.size() + 2L * path.value().length();
    for (Header header : headers.fields()) {
      weight += header.name().length() + header.value().length();
    }
    return weight;
  }

  /** Never headers, query or body: they may hold credentials. */
  @Override
  public String toString() {
    return method + " (" + body.size() + " bytes)";
  }
}
