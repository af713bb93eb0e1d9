package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Instant;

/**
 * Request that was sent and what came back.
 *
 * @param request as the caller made it
 * @param sent when it was sent, after any waiting for the limit: the answer is no older
 * @param received when its answer was complete
 */
public record Exchange(
    ProxyRequest request, ProxyResponse.Http answer, Instant sent, Instant received) {
  public Exchange {
    requireNonNull(request, "request");
    requireNonNull(answer, "answer");
    requireNonNull(sent, "sent");
    requireNonNull(received, "received");
  }
}
