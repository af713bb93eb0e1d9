/**
 * Discord's behaviour as a deterministic state machine without I/O, threads or clock.
 *
 * <p>Start with {@link SimulatedDiscord}.
 */
@NullMarked
package dev.spectacles.proxy.simulator.model;

import org.jspecify.annotations.NullMarked;
