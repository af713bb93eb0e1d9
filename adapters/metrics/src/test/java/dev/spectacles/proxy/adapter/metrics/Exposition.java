package dev.spectacles.proxy.adapter.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format, version 0.0.4, read strictly: whatever is not exactly in that form, or
 * contradicts itself, fails. Source: prometheus.io, Exposition formats.
 */
final class Exposition {
  /** One line with a value. */
  record Sample(String name, Map<String, String> labels, double value) {}

  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> helped = new HashSet<>();
  private final Set<String> closed = new HashSet<>();
  private String family = "";

  private Exposition() {}

  static Exposition parse(String text) {
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
    var read = new Exposition();
    text.lines().forEach(read::line);
    read.checkHistograms();
    return read;
  }

  List<Sample> samples() {
    return samples;
  }

  /** Names as they can be asked for, each with the labels that it has. */
  Map<String, Set<String>> labelsByName() {
    var all = new TreeMap<String, Set<String>>();
    for (Sample sample : samples) {
      all.computeIfAbsent(sample.name(), name -> new TreeSet<>()).addAll(sample.labels().keySet());
    }
    return all;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      Matcher comment = matched(COMMENT, line);
      enter(comment.group(2), line);
      boolean isNew =
          comment.group(1).equals("HELP")
              ? helped.add(family)
              : types.putIfAbsent(family, comment.group(3)) == null
                  && TYPES.contains(comment.group(3));
      require(isNew, line);
      return;
    }
    Matcher sample = matched(SAMPLE, line);
    require(types.containsKey(family) && helped.contains(family), line);
    require(belongs(sample.group(1)), line);
    String type = types.getOrDefault(family, "");
    require(!type.equals("counter") || family.endsWith("_total"), line);
    samples.add(
        new Sample(
            sample.group(1),
            sample.group(2) == null ? Map.of() : labels(sample.group(2), line),
            number(sample.group(3))));
  }

  /** All lines of a family stand together. */
  private void enter(String name, String line) {
    if (!name.equals(family)) {
      closed.add(family);
      require(!closed.contains(name), line);
      family = name;
    }
  }

  private boolean belongs(String name) {
    return switch (types.getOrDefault(family, "")) {
      case "histogram" ->
          Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
      case "summary" -> Set.of(family, family + "_sum", family + "_count").contains(name);
      default -> name.equals(family);
    };
  }

  private static Map<String, String> labels(String text, String line) {
    var labels = new TreeMap<String, String>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (end < text.length()) {
      require(label.find(end) && label.start() == end, line);
      require(labels.put(label.group(1), label.group(2)) == null, line);
      end = label.end();
    }
    return labels;
  }

  private void checkHistograms() {
    var seen = new HashSet<String>();
    var last = new HashMap<String, Double>();
    var totals = new HashMap<String, Double>();
    for (Sample sample : samples) {
      require(seen.add(sample.name() + sample.labels()), "twice: " + sample);
      if (sample.name().endsWith("_bucket")) {
        var others = new TreeMap<>(sample.labels());
        double bound = number(String.valueOf(others.remove("le")));
        String series = sample.name().replaceFirst("_bucket$", "") + others;
        require(last.getOrDefault(series, 0.0) <= sample.value(), "falls: " + sample);
        last.put(series, sample.value());
        if (Double.isInfinite(bound)) {
          totals.put(series, sample.value());
        }
      }
    }
    for (Sample sample : samples) {
      String series = sample.name().replaceFirst("_count$", "") + sample.labels();
      if (sample.name().endsWith("_count") && last.containsKey(series)) {
        require(totals.getOrDefault(series, -1.0) == sample.value(), "+Inf differs: " + sample);
      }
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Matcher matched(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    require(matcher.matches(), line);
    return matcher;
  }

  private static void require(boolean holds, String line) {
    if (!holds) {
      throw new AssertionError("not Prometheus' text format: " + line);
    }
  }
}
