package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import java.util.Optional;

/**
 * Where the state of rate limits lies.
 *
 * @param limits what is left of each caller's limits
 * @param egress what Discord holds against the address
 * @param markers notes of requests about to be sent, if the store can share such; closed with the
 *     limits
 * @param tags what makes answers that are kept invalid, if the store can share that; closed with
 *     the limits
 */
public record LimitStores(
    RateLimitStore limits,
    EgressStore egress,
    Optional<SentMarkers> markers,
    Optional<CacheTags> tags)
    implements AutoCloseable {
  @Override
  public void close() {
    try {
      egress.close();
    } finally {
      limits.close();
    }
  }
}
