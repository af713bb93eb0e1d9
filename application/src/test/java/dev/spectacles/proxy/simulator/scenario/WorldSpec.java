package dev.spectacles.proxy.simulator.scenario;

/**
 * World that the API answers from, where it can.
 *
 * @param seed of everything in it
 * @param guilds that the bot is in at the beginning
 * @param shards of the bot
 * @param synthetic whether each guild is as big as a usual one, rather than small
 */
public record WorldSpec(long seed, int guilds, int shards, boolean synthetic) {
  TextLine write() {
    return TextLine.of("world")
        .with("seed", seed)
        .with("guilds", guilds)
        .with("shards", shards)
        .with("synthetic", synthetic);
  }

  static WorldSpec from(TextLine line) {
    return new WorldSpec(
        line.number("seed", 1),
        line.integer("guilds", 1),
        line.integer("shards", 1),
        line.flag("synthetic", false));
  }
}
