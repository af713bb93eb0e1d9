package dev.spectacles.proxy.simulator.world;

/** How many there are of each in a guild when it begins. */
public record GuildMix(
    int roles,
    int channels,
    int threads,
    int emojis,
    int stickers,
    int sounds,
    int events,
    int stages,
    int voice,
    int members) {
  /** What sizes are measured with; about 36.4 kB of JSON per guild. */
  public static final GuildMix SYNTHETIC = new GuildMix(25, 35, 5, 15, 1, 0, 0, 0, 3, 4);

  /** Some of everything, for long histories. */
  public static final GuildMix SMALL = new GuildMix(3, 7, 2, 2, 1, 2, 1, 1, 1, 4);
}
