package dev.spectacles.proxy.simulator.world;

/**
 * Event that Discord's gateway sends.
 *
 * @param name {@code t}, such as {@code GUILD_CREATE}
 * @param json {@code d}
 * @param millis when it is published; milliseconds since 1970
 */
public record WorldEvent(String name, String json, long millis) {}
