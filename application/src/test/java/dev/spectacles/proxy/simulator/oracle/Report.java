package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.TextLine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the simulator saw since it started or was reset.
 *
 * @param buckets every bucket that was met, in order of its first request
 * @param globals the global limit of every token, and of every address without one
 * @param stalls times in which the simulator itself stood still
 */
public record Report(
    Totals totals,
    Map<Decision, Long> decisions,
    List<BucketReport> buckets,
    List<BucketReport> globals,
    List<Stall> stalls) {
  public Report {
    decisions = Map.copyOf(decisions);
    buckets = List.copyOf(buckets);
    globals = List.copyOf(globals);
    stalls = List.copyOf(stalls);
  }

  public long count(Decision decision) {
    return decisions.getOrDefault(decision, 0L);
  }

  /** N: requests carried out. */
  public long accepted() {
    return count(Decision.ACCEPTED);
  }

  /** E: all 429s of Discord itself, Cloudflare's not included. */
  public long limited() {
    return decisions.entrySet().stream()
        .filter(entry -> entry.getKey().limited())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** 429s with scope {@code user}, from buckets and hidden limits. */
  public long limitedUser() {
    return count(Decision.LIMITED_USER) + count(Decision.LIMITED_SUBLIMIT);
  }

  public long limitedGlobal() {
    return count(Decision.LIMITED_GLOBAL);
  }

  public long limitedShared() {
    return count(Decision.LIMITED_SHARED);
  }

  public long requestsDuringBans() {
    return count(Decision.BANNED);
  }

  public long sendOrderViolations() {
    return buckets.stream().mapToLong(BucketReport::sendOrderViolations).sum();
  }

  /** The only bucket with this hash; empty if there is none. */
  public Optional<BucketReport> bucket(String hash) {
    var found = buckets.stream().filter(bucket -> bucket.hash().equals(hash)).toList();
    if (found.size() > 1) {
      throw new IllegalStateException("%d buckets have hash %s".formatted(found.size(), hash));
    }
    return found.stream().findFirst();
  }

  /** Longest time in which the simulator stood still, in microseconds. */
  public long longestStallMicros() {
    return stalls.stream()
        .mapToLong(stall -> stall.endMicros() - stall.startMicros())
        .max()
        .orElse(0);
  }

  /** Whether the measurement must be repeated because the simulator stood still in it. */
  public boolean stalled() {
    return !stalls.isEmpty();
  }

  /** The text form, one line for each part; for people, and for {@link #parse}. */
  public String toText() {
    var lines = new ArrayList<String>();
    lines.add(totals.toText());
    new EnumMap<Decision, Long>(decisions.isEmpty() ? Map.of(Decision.ACCEPTED, 0L) : decisions)
        .forEach(
            (decision, count) ->
                lines.add(
                    TextLine.of("decision").with("is", decision).with("count", count).toText()));
    globals.forEach(global -> lines.add(global.toText("global")));
    buckets.forEach(bucket -> lines.add(bucket.toText("bucket")));
    for (var stall : stalls) {
      lines.add(
          TextLine.of("stall")
              .with("start", stall.startMicros())
              .with("end", stall.endMicros())
              .toText());
    }
    return String.join("\n", lines) + "\n";
  }

  public static Report parse(String text) {
    var totals = new ArrayList<Totals>();
    var decisions = new EnumMap<Decision, Long>(Decision.class);
    var buckets = new ArrayList<BucketReport>();
    var globals = new ArrayList<BucketReport>();
    var stalls = new ArrayList<Stall>();
    for (var line : text.lines().map(TextLine::parse).toList()) {
      switch (line.keyword()) {
        case "totals" -> totals.add(Totals.from(line));
        case "decision" -> decisions.put(Decision.valueOf(line.text("is")), line.number("count"));
        case "bucket" -> buckets.add(BucketReport.from(line));
        case "global" -> globals.add(BucketReport.from(line));
        case "stall" -> stalls.add(new Stall(line.number("start"), line.number("end")));
        default -> throw new IllegalArgumentException("unknown line: " + line.keyword());
      }
      line.done();
    }
    return new Report(totals.getFirst(), decisions, buckets, globals, stalls);
  }

  @Override
  public String toString() {
    return toText();
  }
}
