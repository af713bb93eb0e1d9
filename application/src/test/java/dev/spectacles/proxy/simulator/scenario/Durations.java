package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations in the form {@code 250ms}, {@code 5s}, {@code 10m}; exact to the microsecond. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(-?\\d+)(us|ms|s|m|h|d)");

  private Durations() {}

  /** The duration in whole microseconds, the model's unit. */
  public static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  public static Duration ofMicros(long micros) {
    return Duration.ofNanos(Math.multiplyExact(micros, 1_000L));
  }

  /** The shortest form that {@link #parse} reads back unchanged. */
  public static String toText(Duration duration) {
    var micros = micros(duration);
    if (micros % 1_000_000 == 0) {
      return micros / 1_000_000 + "s";
    }
    return micros % 1_000 == 0 ? micros / 1_000 + "ms" : micros + "us";
  }

  public static Duration parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("duration: %s (expected: such as 250ms)".formatted(text));
    }
    var amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> ofMicros(amount);
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
