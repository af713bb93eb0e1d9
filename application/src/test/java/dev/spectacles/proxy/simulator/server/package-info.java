/**
 * The model behind a small HTTP/1.1 server, with delays and transport faults.
 *
 * <p>Start with {@link SimulatorProcess}, or {@link SimulatorServer} to stay in one JVM.
 */
@NullMarked
package dev.spectacles.proxy.simulator.server;

import org.jspecify.annotations.NullMarked;
