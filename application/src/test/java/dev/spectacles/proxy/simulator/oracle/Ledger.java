package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.Rate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The simulator's memory of what happened; its statements are what tests assert on.
 *
 * <p>Not thread-safe. Bounded: beyond its capacity, entries, nonces and buckets are counted as
 * dropped and no longer told apart.
 */
public final class Ledger {
  private final String scenario;
  private final int capacity;
  private final long shortestRoundTripMicros;
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<Decision, Long> decisions = new EnumMap<>(Decision.class);
  private final Map<String, BucketTally> buckets = new LinkedHashMap<>();
  private final Map<String, BucketTally> globals = new LinkedHashMap<>();
  private final Nonces nonces;
  private final Map<Long, List<BucketTally>> inFlight = new HashMap<>();
  private long arrived;
  private long dropped;
  private long bans;
  private long authorizedInteractions;

  public Ledger(String scenario, int capacity, long shortestRoundTripMicros) {
    this.scenario = scenario;
    this.capacity = capacity;
    this.shortestRoundTripMicros = shortestRoundTripMicros;
    nonces = new Nonces(capacity);
  }

  /** The number of the next request to arrive. */
  public long nextSequence() {
    return arrived + 1;
  }

  /**
   * Records a request.
   *
   * @param bucket rate of the bucket the entry names; empty if it has none
   * @param global rate of the global limit it is subject to; empty if it is exempt
   */
  public void arrived(LedgerEntry entry, Optional<Rate> bucket, Optional<Rate> global) {
    arrived++;
    decisions.merge(entry.decision(), 1L, Long::sum);
    nonces.seen(entry.origin().nonce(), entry.decision() == Decision.ACCEPTED);
    if (entries.size() < capacity) {
      entries.add(entry);
    } else {
      dropped++;
    }
    var gauges = new ArrayList<BucketTally>(2);
    bucket.ifPresent(rate -> tally(buckets, entry.bucket(), rate, entry, gauges));
    global.ifPresent(rate -> tally(globals, subject(entry), rate, entry, gauges));
    if (!gauges.isEmpty()) {
      inFlight.put(entry.sequence(), gauges);
    }
  }

  /** The answer to a request has been written, or its connection is gone. */
  public void answered(long sequence) {
    var gauges = inFlight.remove(sequence);
    if (gauges != null) {
      gauges.forEach(BucketTally::answered);
    }
  }

  public void banned() {
    bans++;
  }

  /** An interaction call carried an Authorization header, which it should not. */
  public void authorizedInteraction() {
    authorizedInteractions++;
  }

  /** All requests in order of arrival, up to the capacity. */
  public List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }

  /** The ledger as it is now, taken quickly; its report takes longer and may be made elsewhere. */
  public Snapshot snapshot(List<Stall> stalls) {
    var bucketReports = new ArrayList<BucketReport>();
    buckets.forEach((key, tally) -> bucketReports.add(tally.report(key)));
    var globalReports = new ArrayList<BucketReport>();
    globals.forEach((key, tally) -> globalReports.add(tally.report(key)));
    var totals =
        new Totals(
            scenario,
            arrived,
            dropped,
            nonces.duplicates(),
            nonces.repeated(),
            bans,
            authorizedInteractions,
            shortestRoundTripMicros);
    var counts = new Report(totals, decisions, bucketReports, globalReports, stalls);
    return new Snapshot(counts, entries());
  }

  /** A ledger at one moment. */
  public record Snapshot(Report counts, List<LedgerEntry> entries) {

    /** The counts, with what can only be seen by looking at all entries. */
    public Report report() {
      var violations = OrderViolations.perBucket(entries);
      var buckets =
          counts.buckets().stream()
              .map(
                  bucket -> {
                    var count = violations.getOrDefault(bucket.key(), OrderViolations.Count.NONE);
                    return bucket.withOrderViolations(count.bySending(), count.byArrival());
                  })
              .toList();
      return new Report(
          counts.totals(), counts.decisions(), buckets, counts.globals(), counts.stalls());
    }
  }

  private void tally(
      Map<String, BucketTally> tallies,
      String key,
      Rate rate,
      LedgerEntry entry,
      List<BucketTally> gauges) {
    if (tallies.size() >= capacity && !tallies.containsKey(key)) {
      return;
    }
    var tally =
        tallies.computeIfAbsent(
            key, absent -> new BucketTally(rate, entry.arrivalMicros(), shortestRoundTripMicros));
    var decision = entry.decision();
    var isGlobal = tallies == globals;
    // A request its bucket refuses has passed the global limit and counts there.
    var counted =
        isGlobal
            ? decision != Decision.LIMITED_GLOBAL && (decision.counted() || decision.limited())
            : decision.counted();
    var limited = decision.limited() && (decision == Decision.LIMITED_GLOBAL) == isGlobal;
    tally.arrived(counted, limited, rate, entry.arrivalMicros());
    gauges.add(tally);
  }

  private static String subject(LedgerEntry entry) {
    var origin = entry.origin();
    return origin.authorized() ? origin.tokenId() : "ip-" + origin.sourceIp();
  }
}
