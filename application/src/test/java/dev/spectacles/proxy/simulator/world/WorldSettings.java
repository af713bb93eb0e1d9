package dev.spectacles.proxy.simulator.world;

/**
 * What a world is like; the same settings make the same history.
 *
 * @param guilds that the bot is in at the beginning
 * @param shards of the bot
 * @param mix what is in each guild
 * @param crowding share of events that are published in the same millisecond as the one before,
 *     where the order of their names tells the order they happened in; such events come in any
 *     order, but for those of the same name
 * @param duplicates share of events that are sent two or three times
 * @param ghosts share of deletions after which an update from before is sent once more
 */
public record WorldSettings(
    long seed,
    int guilds,
    int shards,
    GuildMix mix,
    double crowding,
    double duplicates,
    double ghosts) {
  /** Everything in order, once. */
  public static WorldSettings orderly(long seed, int guilds) {
    return new WorldSettings(seed, guilds, 1, GuildMix.SMALL, 0, 0, 0);
  }

  /** As unpleasant as Discord and Redis may be. */
  public static WorldSettings unruly(long seed, int guilds) {
    return new WorldSettings(seed, guilds, 2, GuildMix.SMALL, 0.6, 0.1, 0.3);
  }

  /** The same with another mix. */
  public WorldSettings with(GuildMix other) {
    return new WorldSettings(seed, guilds, shards, other, crowding, duplicates, ghosts);
  }

  /** The same with so many shards. */
  public WorldSettings withShards(int count) {
    return new WorldSettings(seed, guilds, count, mix, crowding, duplicates, ghosts);
  }
}
