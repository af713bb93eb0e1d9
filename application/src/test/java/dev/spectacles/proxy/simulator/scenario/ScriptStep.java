package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/** A change that happens by itself, {@code at} after the first request arrived. */
public record ScriptStep(Duration at, Change change) {}
