/**
 * A strict simulator of Discord's REST API, for tests of the limiter and of the whole proxy.
 *
 * <p>Starting points:
 *
 * <ul>
 *   <li>{@link dev.spectacles.proxy.simulator.scenario.Scenarios}: ready-made set-ups; build your
 *       own with {@link dev.spectacles.proxy.simulator.scenario.Scenario#builder}.
 *   <li>{@link dev.spectacles.proxy.simulator.model.SimulatedDiscord}: the pure model. Time is an
 *       argument, so a virtual-time simulation can drive it without a server.
 *   <li>{@link dev.spectacles.proxy.simulator.server.SimulatorProcess}: the model behind HTTP in a
 *       JVM of its own, for measurements; {@link
 *       dev.spectacles.proxy.simulator.server.SimulatorServer} is the same in this JVM.
 *   <li>{@link dev.spectacles.proxy.simulator.world.World}: guilds of which REST and gateway tell
 *       the same story; the API answers from one if the scenario says so.
 *   <li>{@link dev.spectacles.proxy.simulator.oracle.Report}: what the simulator saw, as typed
 *       fields to assert on.
 * </ul>
 *
 * <p>Packages depend on each other in one direction only: {@code server} → {@code model} → {@code
 * oracle} → {@code scenario}; {@code model} → {@code world} → {@code scenario}. Nothing here needs
 * more than the JDK and the names of the domain's entities.
 *
 * <p>Only HTTP/1.1 without TLS is spoken: the proxy pins HTTP/1.1 towards Discord, so HTTP/2 (and
 * its GOAWAY faults) would test a path that is never taken.
 *
 * <p>See Discord Docs/Rate Limits. What the documentation leaves open is a setting of the scenario.
 */
@NullMarked
package dev.spectacles.proxy.simulator;

import org.jspecify.annotations.NullMarked;
