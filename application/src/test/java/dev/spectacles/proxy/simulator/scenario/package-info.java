/**
 * What a simulated Discord is like: limits, tokens, delays, faults and scripted changes, all as
 * values.
 *
 * <p>Start with {@link Scenario} and {@link Scenarios}. Every value has a text form, made of {@link
 * TextLine}s, so that a scenario can be handed to another process.
 */
@NullMarked
package dev.spectacles.proxy.simulator.scenario;

import org.jspecify.annotations.NullMarked;
