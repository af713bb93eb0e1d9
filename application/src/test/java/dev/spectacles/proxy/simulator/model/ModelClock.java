package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.ClockSpec;
import dev.spectacles.proxy.simulator.scenario.Durations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Turns the model's monotonic time into times of day, true and as Discord's clock shows them. */
final class ModelClock {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final ClockSpec spec;
  private final long startMicros;
  private final long epochOffset;

  ModelClock(ClockSpec spec, long startMicros, long epochMillisAtStart) {
    this.spec = spec;
    this.startMicros = startMicros;
    this.epochOffset = epochMillisAtStart * 1_000 - startMicros;
  }

  /** Microseconds to add to the model's time to get the true time of day. */
  long epochOffset() {
    return epochOffset;
  }

  long trueEpochMillis(long nowMicros) {
    return (nowMicros + epochOffset) / 1_000;
  }

  /** Time of day on Discord's clock, skewed and drifting. */
  long shownEpochMicros(long nowMicros) {
    var drift = (nowMicros - startMicros) * spec.driftPpm() / 1e6;
    return nowMicros + epochOffset + Durations.micros(spec.skew()) + Math.round(drift);
  }

  String date(long nowMicros) {
    return HTTP_DATE.format(Instant.ofEpochMilli(shownEpochMicros(nowMicros) / 1_000));
  }

  /** Seconds with three decimals, rounded as the scenario says. */
  String seconds(long micros) {
    var millis =
        switch (spec.rounding()) {
          case NEAREST -> Math.floorDiv(micros + 500, 1_000);
          case UP -> Math.ceilDiv(micros, 1_000);
          case DOWN -> Math.floorDiv(micros, 1_000);
        };
    return decimal(millis);
  }

  /** A body's {@code retry_after}: never less than the real time. */
  static String retryAfter(long micros) {
    return decimal(Math.ceilDiv(micros, 1_000L));
  }

  /** A {@code Retry-After} header: whole seconds, rounded up. */
  String retryAfterHeader(long micros) {
    return Long.toString(Math.ceilDiv(micros, 1_000_000L) + spec.retryAfterPadding());
  }

  private static String decimal(long millis) {
    return String.format(Locale.ROOT, "%d.%03d", millis / 1_000, millis % 1_000);
  }
}
