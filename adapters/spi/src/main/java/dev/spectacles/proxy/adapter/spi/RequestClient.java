package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Worker's side of a broker: publishes a request and waits for its answer. Thread-safe. */
public interface RequestClient extends AutoCloseable {
  /**
   * Request as a worker writes it, unchecked: the proxy is the one to judge it.
   *
   * @param body bytes to pass on to Discord; empty for none
   */
  record Call(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<byte[]> body) {
    /** Never path, query, headers or body: they may hold credentials. */
    @Override
    public String toString() {
      return method + " of " + headers.size() + " headers";
    }
  }

  /**
   * Publishes the call and waits for the answer.
   *
   * @return the answer, or nothing if none came in that time
   */
  Optional<ProxyResponse> call(Call call, Duration timeout) throws InterruptedException;

  @Override
  void close();
}
