/**
 * One bot's world, of which gateway and REST tell the same story, for tests of what is made of
 * both.
 *
 * <p>Start with {@link World}: it changes at random and yields the events that Discord would send;
 * {@link WorldRest} is what Discord would answer about it, {@link Fidelity} compares. What is
 * written in channels is only remembered: {@link Talk}.
 */
@NullMarked
package dev.spectacles.proxy.simulator.world;

import org.jspecify.annotations.NullMarked;
