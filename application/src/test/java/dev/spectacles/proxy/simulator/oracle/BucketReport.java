package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.TextLine;
import java.util.Locale;

/**
 * What one bucket, or the global limit of one token or address, saw.
 *
 * @param key of a bucket: hash, major parameter and token id; of a global limit: the token id
 * @param rate at the end
 * @param accepted requests that counted
 * @param limited requests refused with 429 because of this limit or a hidden one of its route
 * @param firstArrivalMicros of a counted request, -1 for none
 * @param lastArrivalMicros of a counted request, -1 for none
 * @param maximum M, what a perfect client could have had accepted between the two
 * @param maxInFlight most requests at once between their arrival and the end of their answer
 * @param sendOrderViolations by {@code x-sim-seq} per instance, in the order of reception
 * @param arrivalOrderViolations the same in the order of arrival, after the simulated jitter
 */
public record BucketReport(
    String key,
    Rate rate,
    long accepted,
    long limited,
    long firstArrivalMicros,
    long lastArrivalMicros,
    long maximum,
    int maxInFlight,
    long sendOrderViolations,
    long arrivalOrderViolations) {

  /** Accepted requests as a part of the maximum; 0 where nothing was accepted. */
  public double utilisation() {
    return maximum == 0 ? 0 : (double) accepted / maximum;
  }

  /** The hash, without major parameter and token. */
  public String hash() {
    var end = key.indexOf(':');
    return end < 0 ? key : key.substring(0, end);
  }

  BucketReport withOrderViolations(long bySending, long byArrival) {
    return new BucketReport(
        key,
        rate,
        accepted,
        limited,
        firstArrivalMicros,
        lastArrivalMicros,
        maximum,
        maxInFlight,
        bySending,
        byArrival);
  }

  String toText(String keyword) {
    return rate.writeTo(TextLine.of(keyword).with("key", key))
        .with("accepted", accepted)
        .with("limited", limited)
        .with("first", firstArrivalMicros)
        .with("last", lastArrivalMicros)
        .with("maximum", maximum)
        .with("utilisation", String.format(Locale.ROOT, "%.1f%%", 100 * utilisation()))
        .with("max-in-flight", maxInFlight)
        .with("send-order-violations", sendOrderViolations)
        .with("arrival-order-violations", arrivalOrderViolations)
        .toText();
  }

  static BucketReport from(TextLine line) {
    line.text("utilisation");
    return new BucketReport(
        line.text("key"),
        Rate.from(line),
        line.number("accepted"),
        line.number("limited"),
        line.number("first"),
        line.number("last"),
        line.number("maximum"),
        (int) line.number("max-in-flight"),
        line.number("send-order-violations"),
        line.number("arrival-order-violations"));
  }
}
