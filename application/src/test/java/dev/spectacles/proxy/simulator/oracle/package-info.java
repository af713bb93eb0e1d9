/**
 * What the simulator saw: one {@link LedgerEntry} per request and the {@link Report} drawn from
 * them.
 */
@NullMarked
package dev.spectacles.proxy.simulator.oracle;

import org.jspecify.annotations.NullMarked;
