package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.oracle.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the simulator saw of a crowd's run, and what the crowd heard.
 *
 * @param longestStall how long an instance waited for a processor, at most
 */
record Traffic(
    Report report, List<LedgerEntry> ledger, Crowd.Answers answers, Duration longestStall) {
  static final String BEGIN = "begin";
  static final String END = "end";
  static final String MARKS = "/marks/";

  /** Part of a run, in the simulator's microseconds. */
  record Span(long from, long to) {
    Span {
      if (to < from) {
        throw new IllegalArgumentException("to: %d (expected: >= %d)".formatted(to, from));
      }
    }

    boolean holds(LedgerEntry entry) {
      return entry.arrivalMicros() >= from && entry.arrivalMicros() <= to;
    }
  }

  /** Whether the simulator or an instance stood still for want of a processor. */
  boolean stalled() {
    return report.stalled() || longestStall.compareTo(StallWatch.LONG) >= 0;
  }

  /** When the stage marked this moment. */
  long at(String mark) {
    return ledger.stream()
        .filter(entry -> entry.path().endsWith(MARKS + mark))
        .mapToLong(LedgerEntry::receivedMicros)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("mark: " + mark + " (expected: one set)"));
  }

  Span whole() {
    return new Span(at(BEGIN), at(END));
  }

  Span since(String mark) {
    return new Span(at(mark), at(END));
  }

  Use use(Saturated bucket, Span span) {
    return Use.of(
        of(bucket),
        bucket.rate(),
        report.totals().shortestRoundTripMicros(),
        span.from(),
        span.to());
  }

  /**
   * Part of the global limit that the bot with the forty channels used, of what can be used from
   * its first to its last request: the limit at once, and as much per second.
   */
  double globalUse(Span span) {
    List<LedgerEntry> counted = channels().filter(span::holds).toList();
    if (counted.isEmpty()) {
      return 0;
    }
    long length = counted.getLast().arrivalMicros() - counted.getFirst().arrivalMicros();
    return counted.size() / (MixedLimits.USUAL_GLOBAL * (1 + length / 1e6));
  }

  /** Requests accepted of all buckets and channels. */
  long accepted(Span span) {
    return ledger.stream()
        .filter(entry -> !entry.bucket().isEmpty())
        .filter(span::holds)
        .filter(entry -> entry.decision().counted())
        .count();
  }

  /** 429s of this bucket, by arrival in this span. */
  long limited(Saturated bucket, Span span) {
    return of(bucket).stream()
        .filter(span::holds)
        .filter(entry -> entry.decision().limited())
        .count();
  }

  /** 429s of any kind that came later than this after a mark. */
  long limitedSince(String mark, Duration grace) {
    long from = at(mark) + grace.toNanos() / 1_000;
    return ledger.stream()
        .filter(entry -> entry.arrivalMicros() > from)
        .filter(entry -> entry.decision().limited())
        .count();
  }

  /** Longest time between two accepted requests, or between one and either end. */
  Duration longestSilence(Saturated bucket, Span span) {
    long last = span.from();
    long longest = 0;
    for (LedgerEntry entry : of(bucket)) {
      if (entry.decision().counted() && span.holds(entry)) {
        longest = Math.max(longest, entry.arrivalMicros() - last);
        last = entry.arrivalMicros();
      }
    }
    return Duration.ofNanos(Math.max(longest, span.to() - last) * 1_000);
  }

  /** Requests accepted, by the instance that sent them. */
  Map<String, Long> grants(Saturated bucket) {
    var grants = new TreeMap<String, Long>();
    for (LedgerEntry entry : of(bucket)) {
      if (entry.decision().counted()) {
        grants.merge(entry.origin().instance(), 1L, Long::sum);
      }
    }
    return grants;
  }

  /** Requests accepted of all buckets and channels, by the instance that sent them. */
  Map<String, Long> grants() {
    var grants = new TreeMap<String, Long>();
    for (LedgerEntry entry : ledger) {
      if (entry.decision().counted() && !entry.origin().instance().isEmpty()) {
        grants.merge(entry.origin().instance(), 1L, Long::sum);
      }
    }
    return grants;
  }

  /**
   * How far a request was from its place among those of its instance when it was sent, at most.
   * Turns are given in order; those that get theirs at the same time, up to the limit of the
   * bucket, may overtake each other then.
   */
  long displacement(Saturated bucket) {
    var byInstance = new HashMap<String, List<LedgerEntry>>();
    of(bucket).stream()
        .filter(entry -> entry.decision().counted())
        .sorted(Comparator.comparingLong(LedgerEntry::receivedMicros))
        .forEach(
            entry ->
                byInstance
                    .computeIfAbsent(entry.origin().instance(), any -> new ArrayList<>())
                    .add(entry));
    return byInstance.values().stream().mapToLong(Traffic::displacement).max().orElse(0);
  }

  private static long displacement(List<LedgerEntry> sent) {
    List<Long> inOrder = sent.stream().map(e -> e.origin().clientSequence()).sorted().toList();
    var places = new HashMap<Long, Integer>();
    for (int i = 0; i < inOrder.size(); i++) {
      places.put(inOrder.get(i), i);
    }
    long most = 0;
    for (int i = 0; i < sent.size(); i++) {
      most = Math.max(most, Math.abs(places.get(sent.get(i).origin().clientSequence()) - i));
    }
    return most;
  }

  private List<LedgerEntry> of(Saturated bucket) {
    String prefix = bucket.word() + ":";
    return ledger.stream().filter(entry -> entry.bucket().startsWith(prefix)).toList();
  }

  private Stream<LedgerEntry> channels() {
    return ledger.stream()
        .filter(entry -> MixedLimits.isChannel(entry.bucket()))
        .filter(entry -> entry.decision().counted());
  }
}
