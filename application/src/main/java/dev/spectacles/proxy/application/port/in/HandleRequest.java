package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;

/**
 * Sends a request to Discord when its limits permit, and answers in any case.
 *
 * <p>Blocks for as long as the deadline allows. Thread-safe.
 */
public interface HandleRequest {
  /** Notes durably that a request is about to be sent. */
  interface SentMarker {
    /** Marker for callers to whom nothing is delivered twice. */
    SentMarker NONE = () -> {};

    /** Called once, before a request that is not idempotent is sent for the first time. */
    void mark() throws InterruptedException;
  }

  /**
   * Handles one request.
   *
   * @throws InterruptedException if the thread was interrupted: there is no answer then
   */
  ProxyResponse handle(ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException;
}
