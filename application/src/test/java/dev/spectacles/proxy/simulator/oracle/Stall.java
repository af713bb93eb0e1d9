package dev.spectacles.proxy.simulator.oracle;

/**
 * A time in which the simulator's own host did not run; what it measured then is not to be used.
 */
public record Stall(long startMicros, long endMicros) {}
