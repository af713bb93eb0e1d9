package dev.spectacles.proxy.domain.route;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** Discord's ids. Source: Discord docs, Reference, "Snowflakes". */
public final class Snowflake {
  private static final long DISCORD_EPOCH_MILLIS = 1_420_070_400_000L;
  private static final int SHORTEST = 15;
  private static final int LONGEST = 20;

  private Snowflake() {}

  /** Whether the text may be an id. */
  public static boolean is(String segment) {
    return segment.length() >= SHORTEST && segment.length() <= LONGEST && isDigits(segment);
  }

  /** Whether the text is digits, as short ids in tests are. */
  public static boolean isDigits(String segment) {
    return !segment.isEmpty() && segment.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Time since the id was made; negative for ids of the future, as any of 20 digits is. */
  public static Duration age(String id, Instant now) {
    long millis = new BigInteger(id).shiftRight(22).longValueExact() + DISCORD_EPOCH_MILLIS;
    return Duration.between(Instant.ofEpochMilli(millis), now);
  }
}
