package dev.spectacles.proxy.domain.text;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** A number and its unit, both possibly missing, so that each is missed where it should be. */
  private static final Pattern PART =
      Pattern.compile(
          "\\p{javaWhitespace}*([0-9]*)\\p{javaWhitespace}*(\\p{javaLetter}*)\\p{javaWhitespace}*");

  private HumanDuration() {}

  /**
   * The duration written there; none for blank text.
   *
   * @throws IllegalArgumentException if it cannot be read; the message says why and where
   */
  public static Optional<Duration> parse(String text) {
    try {
      return read(text);
    } catch (BadDurationException e) {
      throw new IllegalArgumentException(
          "duration: \"" + text + "\" (expected: " + e.expectation() + ")", e);
    }
  }

  /** The duration written there; none for blank text. */
  public static Optional<Duration> read(String text) throws BadDurationException {
    if (text.isBlank()) {
      return Optional.empty();
    }
    // humantime takes a bare zero, and no other number without its unit.
    return Optional.of(text.strip().equals("0") ? Duration.ZERO : sum(text));
  }

  private static Duration sum(String text) throws BadDurationException {
    var sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    for (int at = 0; at < text.length(); at = part.end()) {
      part.region(at, text.length()).lookingAt();
      long count = number(part.group(1), part.start(1));
      Duration unit = unit(part.group(2), part.start(2));
      // Deadlines are counted in nanoseconds, so what does not fit their count is refused here.
      if (count > 0 && unit.compareTo(LONGEST.minus(sum).dividedBy(count)) > 0) {
        throw bad("at most 292 years in all", part.start(1));
      }
      sum = sum.plus(unit.multipliedBy(count));
    }
    return sum;
  }

  private static long number(String digits, int at) throws BadDurationException {
    if (digits.isEmpty()) {
      throw bad("a whole number without sign", at);
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      throw bad("a smaller number", at);
    }
  }

  private static Duration unit(String name, int at) throws BadDurationException {
    if (name.isEmpty()) {
      throw bad("a unit such as s, min or h", at);
    }
    Duration unit = UNITS.get(name);
    if (unit == null) {
      throw bad(
          "a unit such as s, min or h, not " + name + Suggestion.of(name, UNITS.keySet()), at);
    }
    return unit;
  }

  private static BadDurationException bad(String what, int at) {
    return new BadDurationException(EXAMPLE + "; at character " + (at + 1) + ": " + what);
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
