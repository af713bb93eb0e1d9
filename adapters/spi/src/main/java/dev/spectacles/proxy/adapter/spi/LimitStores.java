package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.RateLimitStore;

/**
 * Where the state of rate limits lies.
 *
 * @param limits what is left of each caller's limits
 * @param egress what Discord holds against the address
 */
public record LimitStores(RateLimitStore limits, EgressStore egress) implements AutoCloseable {
  @Override
  public void close() {
    try {
      egress.close();
    } finally {
      limits.close();
    }
  }
}
