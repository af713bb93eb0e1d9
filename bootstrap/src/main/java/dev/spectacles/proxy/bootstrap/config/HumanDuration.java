package dev.spectacles.proxy.bootstrap.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Durations as Rust's {@code humantime} writes them: {@code 1h 30m}, {@code 2 minutes}, {@code
 * 500ms}.
 *
 * <p>A month is 30.44 days and a year 365.25 days. Source: humantime 2, {@code parse_duration}.
 */
public final class HumanDuration {
  private static final String EXAMPLE = "a duration such as 30s, 2min or 1h 30m";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = DAY.multipliedBy(3_044).dividedBy(100);
  private static final Duration YEAR = DAY.multipliedBy(36_525).dividedBy(100);
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
  private static final Map<String, Duration> UNITS = units();

  private final String text;
  private int position;

  private HumanDuration(String text) {
    this.text = text;
  }

  /**
   * The duration written there; none for blank text.
   *
   * @throws IllegalArgumentException if it cannot be read; the message says why and where
   */
  public static Optional<Duration> parse(String text) {
    try {
      return read(text);
    } catch (BadValueException e) {
      throw new IllegalArgumentException(
          "duration: \"" + text + "\" (expected: " + e.expectation() + ")", e);
    }
  }

  static Optional<Duration> read(String text) throws BadValueException {
    if (text.isBlank()) {
      return Optional.empty();
    }
    // humantime takes a bare zero, and no other number without its unit.
    return Optional.of(text.strip().equals("0") ? Duration.ZERO : new HumanDuration(text).sum());
  }

  private Duration sum() throws BadValueException {
    var sum = Duration.ZERO;
    skipBlanks();
    while (position < text.length()) {
      int start = position;
      long count = number();
      skipBlanks();
      Duration unit = unit();
      skipBlanks();
      // Deadlines are counted in nanoseconds, so what does not fit their count is refused here.
      if (count > 0 && unit.compareTo(LONGEST.minus(sum).dividedBy(count)) > 0) {
        throw bad("at most 292 years in all", start);
      }
      sum = sum.plus(unit.multipliedBy(count));
    }
    return sum;
  }

  private long number() throws BadValueException {
    int start = position;
    while (position < text.length() && isDigit(text.charAt(position))) {
      position++;
    }
    if (start == position) {
      throw bad("a whole number without sign", start);
    }
    try {
      return Long.parseLong(text, start, position, 10);
    } catch (NumberFormatException tooLarge) {
      throw bad("a smaller number", start);
    }
  }

  private Duration unit() throws BadValueException {
    int start = position;
    while (position < text.length() && Character.isLetter(text.charAt(position))) {
      position++;
    }
    String name = text.substring(start, position);
    if (name.isEmpty()) {
      throw bad("a unit such as s, min or h", start);
    }
    Duration unit = UNITS.get(name);
    if (unit == null) {
      throw bad(
          "a unit such as s, min or h, not " + name + Suggestion.of(name, UNITS.keySet()), start);
    }
    return unit;
  }

  private void skipBlanks() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private static BadValueException bad(String what, int at) {
    return new BadValueException(EXAMPLE + "; at character " + (at + 1) + ": " + what);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Map<String, Duration> units() {
    var units = new TreeMap<String, Duration>();
    put(units, Duration.ofNanos(1), "ns", "nsec", "nanos");
    put(units, Duration.ofNanos(1_000), "us", "usec", "µs");
    put(units, Duration.ofMillis(1), "ms", "msec", "millis");
    put(units, Duration.ofSeconds(1), "s", "sec", "secs", "second", "seconds");
    put(units, Duration.ofMinutes(1), "m", "min", "mins", "minute", "minutes");
    put(units, Duration.ofHours(1), "h", "hr", "hrs", "hour", "hours");
    put(units, Duration.ofDays(1), "d", "day", "days");
    put(units, Duration.ofDays(7), "w", "wk", "wks", "week", "weeks");
    put(units, MONTH, "M", "month", "months");
    put(units, YEAR, "y", "yr", "yrs", "year", "years");
    return Map.copyOf(units);
  }

  private static void put(Map<String, Duration> units, Duration length, String... names) {
    for (String name : names) {
      units.put(name, length);
    }
  }
}
