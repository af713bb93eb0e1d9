package dev.spectacles.proxy.domain.cache;

import java.time.Duration;
import java.util.Optional;

/** Times in whole seconds, none longer than {@link #LONGEST}. Source: RFC 9111, section 1.2.2. */
final class DeltaSeconds {
  /** What is longer counts as this: 2^31 s, 68 years. */
  static final Duration LONGEST = Duration.ofSeconds(1L << 31);

  private static final int DIGITS_OF_LONGEST = 10;

  private DeltaSeconds() {}

  /** The time, if the text is nothing but digits. */
  static Optional<Duration> parse(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    String digits = text.replaceFirst("^0+(?=.)", "");
    return Optional.of(
        digits.length() > DIGITS_OF_LONGEST
            ? LONGEST
            : bounded(Duration.ofSeconds(Long.parseLong(digits))));
  }

  /** The same, but neither negative nor longer than the longest. */
  static Duration bounded(Duration time) {
    if (time.isNegative()) {
      return Duration.ZERO;
    }
    return time.compareTo(LONGEST) > 0 ? LONGEST : time;
  }
}
