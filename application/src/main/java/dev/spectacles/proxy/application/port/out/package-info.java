/**
 * What the use cases need from outside; adapters implement it and pass the contract suite of each
 * port (in this module's test-jar).
 *
 * <p>Start with {@link Broker}, {@link RateLimitStore} and {@link DiscordApi}.
 */
@NullMarked
package dev.spectacles.proxy.application.port.out;

import org.jspecify.annotations.NullMarked;
