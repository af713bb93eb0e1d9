package dev.spectacles.proxy.simulator.oracle;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Counts accepted requests that came after one with a higher sequence number of the same bucket and
 * instance.
 *
 * <p>Requests without a sequence number are left out, and so are rejected ones: a request that is
 * repeated after a 429 keeps its place.
 */
final class OrderViolations {
  private OrderViolations() {}

  /**
   * Violations of one bucket.
   *
   * @param bySending in the order the requests were received
   * @param byArrival in the order they arrived at the limit check, simulated jitter included
   */
  record Count(long bySending, long byArrival) {
    static final Count NONE = new Count(0, 0);
  }

  static Map<String, Count> perBucket(List<LedgerEntry> entries) {
    var sending = count(entries, LedgerEntry::receivedMicros);
    var arrival = count(entries, LedgerEntry::arrivalMicros);
    var counts = new HashMap<String, Count>();
    sending.forEach(
        (bucket, violations) ->
            counts.put(bucket, new Count(violations, arrival.getOrDefault(bucket, 0L))));
    return counts;
  }

  private static Map<String, Long> count(
      List<LedgerEntry> entries, ToLongFunction<LedgerEntry> at) {
    var highest = new HashMap<String, Long>();
    var violations = new HashMap<String, Long>();
    // Equal times are told apart by nothing the client controls, so they are no violation.
    var byTime =
        Comparator.comparingLong(at).thenComparingLong(entry -> entry.origin().clientSequence());
    entries.stream()
        .filter(entry -> entry.decision().counted() && entry.origin().clientSequence() >= 0)
        .filter(entry -> !entry.bucket().isEmpty())
        .sorted(byTime)
        .forEach(
            entry -> {
              var sequence = entry.origin().clientSequence();
              var line = entry.bucket() + ' ' + entry.origin().instance();
              var before = highest.merge(line, sequence, Math::max);
              violations.merge(entry.bucket(), before > sequence ? 1L : 0L, Long::sum);
            });
    return violations;
  }
}
