package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.util.List;

/**
 * How much of a limit was used in a part of a run in which its rate did not change.
 *
 * @param accepted requests that counted
 * @param maximum M, what a perfect client could have had accepted between the first and the last
 * @param firstMicros arrival of the first, -1 for none
 * @param lastMicros arrival of the last, -1 for none
 */
public record Use(long accepted, long maximum, long firstMicros, long lastMicros) {
  private static final Use NONE = new Use(0, 0, -1, -1);

  /**
   * Use of one bucket.
   *
   * <p>A fixed window that had begun before is left out, a sliding bucket's level at the first
   * request is taken into account: so a part that begins anywhere is measured as a whole run is.
   *
   * @param entries of the bucket, in order of arrival
   */
  public static Use of(
      List<LedgerEntry> entries,
      Rate rate,
      long shortestRoundTripMicros,
      long fromMicros,
      long toMicros) {
    List<LedgerEntry> counted =
        entries.stream()
            .filter(entry -> entry.decision().counted())
            .filter(entry -> entry.arrivalMicros() >= fromMicros)
            .filter(entry -> entry.arrivalMicros() <= toMicros)
            .dropWhile(entry -> rate.model() == RateModel.FIXED && entry.level() > 1)
            .toList();
    if (counted.isEmpty()) {
      return NONE;
    }
    LedgerEntry first = counted.getFirst();
    long last = counted.getLast().arrivalMicros();
    var capacity = new Capacity(rate, first.arrivalMicros(), shortestRoundTripMicros);
    long usedBefore =
        rate.model() == RateModel.SLIDING ? (long) Math.ceil(first.level() - 1 - 1e-9) : 0;
    return new Use(
        counted.size(), capacity.maximum(last) - usedBefore, first.arrivalMicros(), last);
  }

  /** Accepted requests as a part of the maximum; 0 where nothing was accepted. */
  public double utilisation() {
    return maximum == 0 ? 0 : (double) accepted / maximum;
  }
}
