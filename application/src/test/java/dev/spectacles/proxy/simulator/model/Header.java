package dev.spectacles.proxy.simulator.model;

/** One header line of an answer. */
public record Header(String name, String value) {}
