package dev.spectacles.proxy.bootstrap;

import java.util.Locale;

/** Writes quantities as the status page does. */
final class TopFormat {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private TopFormat() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Requests per second. */
  static String rate(double rate) {
    return rate > 0 && rate < 10
        ? String.format(Locale.ROOT, "%.1f", rate)
        : number(Math.round(rate));
  }

  static String span(double millis) {
    if (millis == 0) {
      return "0 ms";
    }
    if (millis < 1) {
      return "<1 ms";
    }
    if (millis < 1_000) {
      return Math.round(millis) + " ms";
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
    }
    long seconds = Math.round(millis / 1_000);
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  static String size(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    return bytes < MIB ? bytes / KIB + " KiB" : bytes / MIB + " MiB";
  }

  static String share(long part, long whole) {
    return whole == 0 ? "–" : Math.round(100.0 * part / whole) + " %";
  }

  /** Level of a bucket; of one that runs dry bit by bit, with a decimal. */
  static String level(double level) {
    return level == Math.rint(level)
        ? number(Math.round(level))
        : String.format(Locale.ROOT, "%.1f", level);
  }

  /**
   * Bar of so many characters.
   *
   * @param share that is full; what is above 1 is as good as 1
   */
  static String gauge(double share, int width) {
    int full = Math.clamp(Math.round(width * share), 0, width);
    return "[" + "#".repeat(full) + "-".repeat(width - full) + "]";
  }
}
