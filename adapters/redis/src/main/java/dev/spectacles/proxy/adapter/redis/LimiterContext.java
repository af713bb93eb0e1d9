package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import java.time.Duration;

/**
 * What the limiter's store has to know besides where Redis is.
 *
 * @param instance name of this process, unique among all that share the server
 * @param egress name of the address from which this process reaches Discord
 * @param leaseTime how long a lease lives that nobody renews
 */
record LimiterContext(
    String instance, String egress, GlobalLimits limits, Duration leaseTime, Clock clock) {}
