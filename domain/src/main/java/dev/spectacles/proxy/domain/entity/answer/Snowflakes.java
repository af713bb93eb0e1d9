package dev.spectacles.proxy.domain.entity.answer;

import dev.spectacles.proxy.domain.route.Snowflake;
import java.util.OptionalLong;

/** Ids as numbers. */
public final class Snowflakes {
  private static final int LONGEST = 19;

  private Snowflakes() {}

  /** Id that the text is; empty if it is none, or one that Discord will not reach. */
  public static OptionalLong parse(String text) {
    if (text.length() > LONGEST || !Snowflake.isDigits(text)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
