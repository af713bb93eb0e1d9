package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;

/**
 * What every store of rate limits gets to know.
 *
 * @param instance name of this process, unique among all that share the store
 * @param egress name of the address from which this process reaches Discord
 * @param globalLimits requests per second that Discord permits each caller
 * @param section the settings of the section with the store's type as its name
 */
public record RateLimitStoreContext(
    String instance,
    String egress,
    GlobalLimits globalLimits,
    ConfigSection section,
    Clock clock) {}
