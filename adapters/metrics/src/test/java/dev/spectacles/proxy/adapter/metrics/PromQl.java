package dev.spectacles.proxy.adapter.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression asks for: names of metrics, each with its matchers, and labels it groups by.
 */
record PromQl(List<Selector> selectors, Set<String> grouped) {
  /** One metric, with the values that its matchers name. */
  record Selector(String name, Map<String, List<String>> matchers) {}

  private static final Set<String> WORDS =
      Set.of(
          "and",
          "or",
          "unless",
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "group_right",
          "bool",
          "offset",
          "sum",
          "max",
          "min",
          "avg",
          "count",
          "topk",
          "rate",
          "increase",
          "delta",
          "histogram_quantile",
          "min_over_time",
          "vector");

  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.])([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER =
      Pattern.compile("\\s*(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"\\s*(?:,|$)");

  static PromQl parse(String expression) {
    var grouped = new TreeSet<String>();
    Matcher grouping = GROUPING.matcher(expression);
    while (grouping.find()) {
      grouped.addAll(List.of(grouping.group(1).strip().split("\\s*,\\s*", -1)));
    }
    String rest = RANGE.matcher(grouping.replaceAll(" ")).replaceAll(" ");
    var selectors = new ArrayList<Selector>();
    Matcher name = NAME.matcher(rest);
    while (name.find()) {
      if (!WORDS.contains(name.group(1))) {
        selectors.add(new Selector(name.group(1), matchers(name.group(2))));
      }
    }
    return new PromQl(List.copyOf(selectors), grouped);
  }

  /** Labels that the metrics must have. */
  Set<String> labels() {
    var all = new TreeSet<>(grouped);
    selectors.stream()
        .map(it -> it.matchers().keySet())
        .forEach((Collection<String> it) -> all.addAll(it));
    return all;
  }

  private static Map<String, List<String>> matchers(String text) {
    var matchers = new TreeMap<String, List<String>>();
    if (text == null) {
      return matchers;
    }
    Matcher matcher = MATCHER.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new AssertionError("not understood: " + text);
      }
      matchers.put(matcher.group(1), List.of(matcher.group(3).split("\\|", -1)));
      end = matcher.end();
    }
    return matchers;
  }
}
