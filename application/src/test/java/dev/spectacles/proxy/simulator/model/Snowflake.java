package dev.spectacles.proxy.simulator.model;

import java.util.OptionalLong;

/** Discord's ids, which carry the time they were made. */
public final class Snowflake {
  private static final long DISCORD_EPOCH_MILLIS = 1_420_070_400_000L;

  private Snowflake() {}

  /** An id made at this time. */
  public static String at(long epochMillis) {
    return Long.toString((epochMillis - DISCORD_EPOCH_MILLIS) << 22);
  }

  /** When an id was made; empty for ids too short to be real, which tests use for brevity. */
  static OptionalLong epochMillis(String id) {
    if (id.length() < 15 || id.length() > 19 || !id.chars().allMatch(Character::isDigit)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of((Long.parseLong(id) >> 22) + DISCORD_EPOCH_MILLIS);
  }
}
