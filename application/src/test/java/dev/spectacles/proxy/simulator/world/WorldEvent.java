package dev.spectacles.proxy.simulator.world;

/**
 * Event that Discord's gateway sends.
 *
 * @param name {@code t}, such as {@code GUILD_CREATE}
 * @param json {@code d}
 * @param millis when it is published; milliseconds since 1970
 */
public record WorldEvent(String name, String json, long millis) {
  /** One line, which {@link #parse} reads. */
  public String toText() {
    return millis + " " + name + " " + json;
  }

  /** Reads the line. */
  public static WorldEvent parse(String line) {
    var parts = line.split(" ", 3);
    return new WorldEvent(parts[1], parts[2], Long.parseLong(parts[0]));
  }
}
