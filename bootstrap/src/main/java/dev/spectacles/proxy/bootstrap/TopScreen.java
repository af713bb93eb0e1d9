package dev.spectacles.proxy.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Lays the JSON of the status page out as lines of text. */
final class TopScreen {
  private static final String BARS = " ▁▂▃▄▅▆▇█";
  private static final int LABEL = 13;
  private static final int GAUGE = 24;
  private static final int SMALL_GAUGE = 10;

  /** Colours of the words, as numbers of ANSI's "select graphic rendition". */
  private static final Map<String, Integer> COLOURS =
      Map.of("idle", 0, "serving", 32, "saturated", 33, "degraded", 35, "down", 31);

  private static final Map<String, String> NAMES =
      Map.of(
          "origin", "Discord",
          "coalesced", "shared",
          "rest", "stored",
          "user", "bucket",
          "sublimit", "hidden limit",
          "hold_back", "holding back",
          "refuse", "nothing is sent",
          "warn", "look for the cause");

  private final int width;
  private final boolean colours;
  private final List<String> lines = new ArrayList<>();

  private TopScreen(int width, boolean colours) {
    this.width = width;
    this.colours = colours;
  }

  /**
   * The lines.
   *
   * @param width of the longest one, in characters
   * @param colours whether words may have colours, by ANSI's sequences
   */
  static List<String> lines(JsonNode status, int width, boolean colours) {
    var screen = new TopScreen(width, colours);
    screen.head(status);
    screen.figures(status);
    screen.parts(status);
    screen.buckets(status.path("limits").path("buckets"));
    return List.copyOf(screen.lines);
  }

  private void head(JsonNode status) {
    JsonNode instance = status.path("instance");
    line(
        "Spectacles Proxy %s  %s  up %s  %s"
            .formatted(
                text(instance.path("version")),
                text(instance.path("name")),
                TopFormat.span(instance.path("uptime_s").asDouble() * 1_000),
                text(instance.path("time"))));
    line("");
    String word = text(status.path("condition"));
    lines.add(coloured(word.toUpperCase(Locale.ROOT), COLOURS.getOrDefault(word, 0)));
    status.path("reasons").forEach(reason -> line("  " + text(reason)));
    line("");
  }

  private void figures(JsonNode status) {
    JsonNode traffic = status.path("traffic");
    labelled("Requests/s", TopFormat.rate(traffic.path("rate").asDouble()) + "  " + spark(traffic));
    labelled(
        "Waiting",
        "%s   wait %s   whole %s"
            .formatted(
                TopFormat.number(status.path("limits").path("waiting").asLong()),
                percentiles(traffic.path("wait")),
                percentiles(traffic.path("whole"))));
    JsonNode held = status.path("held");
    labelled(
        "Held",
        "%s of %s, %s of %s"
            .formatted(
                TopFormat.number(held.path("requests").asLong()),
                TopFormat.number(held.path("most_requests").asLong()),
                TopFormat.size(held.path("bytes").asLong()),
                TopFormat.size(held.path("most_bytes").asLong())));
    labelled("Answers", counts(traffic.path("answers")) + "  (last minute)");
    JsonNode sources = status.path("cache").path("answers");
    long gets = total(sources);
    labelled(
        "GETs",
        TopFormat.share(gets - sources.path("origin").asLong(), gets)
            + " without Discord: "
            + counts(sources)
            + "  (last 5 min)");
    labelled("429s", counts(status.path("limits").path("limited")) + "  (last 5 min)");
    labelled("Invalid", budget(status.path("invalid")));
  }

  private void parts(JsonNode status) {
    JsonNode broker = status.path("broker");
    var about = new StringJoiner(", ");
    about.add(
        broker.path("absence").isNull() ? "connected" : "AWAY: " + text(broker.path("absence")));
    if (!broker.path("backlog").isNull()) {
      about.add(TopFormat.number(broker.path("backlog").asLong()) + " in the queue");
    }
    some(broker.path("redelivered"), "taken over").ifPresent(about::add);
    some(broker.path("lost_replies"), "lost replies").ifPresent(about::add);
    labelled("Broker", text(broker.path("type")) + "  " + about);

    JsonNode store = status.path("store");
    String sharing = text(store.path("sharing"));
    String away =
        store.path("away_ms").isNull()
            ? ""
            : ", no answer for " + TopFormat.span(store.path("away_ms").asDouble());
    labelled(
        "Rate limits",
        "%s  %s"
            .formatted(
                text(store.path("type")),
                switch (sharing) {
                  case "alone" -> "of this instance alone";
                  case "shared" -> "shared, " + instances(store);
                  default ->
                      sharing.toUpperCase(Locale.ROOT)
                          + away
                          + ", "
                          + instances(store)
                          + " when last seen";
                }));

    JsonNode gateway = status.path("gateway");
    labelled("Gateway", gateway.isObject() ? gateway(gateway) : "off");
  }

  private static String gateway(JsonNode gateway) {
    var about = new StringJoiner(", ");
    about.add(
        gateway.path("lag_ms").isNull()
            ? "nothing told yet"
            : (gateway.path("lagging").asBoolean() ? "BEHIND by " : "behind by ")
                + TopFormat.span(gateway.path("lag_ms").asDouble()));
    if (!gateway.path("guilds").isNull()) {
      about.add(TopFormat.number(gateway.path("guilds").asLong()) + " guilds");
    }
    about.add(TopFormat.number(gateway.path("events").asLong()) + " events in the last minute");
    some(gateway.path("dropped"), "dropped").ifPresent(about::add);
    return text(gateway.path("store")) + "  " + about;
  }

  private void buckets(JsonNode buckets) {
    line("");
    if (!buckets.isArray()) {
      line("The store of the rate limits does not answer now.");
      return;
    }
    if (buckets.isEmpty()) {
      line("Nothing waits.");
      return;
    }
    line("WAITING  OLDEST      NEXT  LEVEL                 ROUTE");
    for (JsonNode bucket : buckets) {
      boolean known = !text(bucket.path("model")).equals("unknown");
      double level = bucket.path("level").asDouble();
      long limit = bucket.path("limit").asLong();
      String shown =
          known
              ? "%s %s/%d"
                  .formatted(
                      TopFormat.gauge(level / (double) limit, SMALL_GAUGE),
                      TopFormat.level(level),
                      limit)
              : "not known yet";
      JsonNode next = bucket.path("next_ms");
      line(
          "%7s  %6s  %8s  %-20s  %s  %s  caller %s"
              .formatted(
                  TopFormat.number(bucket.path("waiting").asLong()),
                  TopFormat.span(bucket.path("oldest_ms").asDouble()),
                  next.isNull() ? "answer" : TopFormat.span(next.asDouble()),
                  shown,
                  text(bucket.path("route")),
                  text(bucket.path("resource")),
                  text(bucket.path("caller"))));
    }
  }

  private String budget(JsonNode invalid) {
    long count = invalid.path("count").asLong();
    long limit = invalid.path("limit").asLong();
    if (limit == 0) {
      return TopFormat.number(count) + ", not limited  (last 10 min)";
    }
    String level = text(invalid.path("level"));
    return "%s of %s %s %s  (last 10 min)"
        .formatted(
            TopFormat.number(count),
            TopFormat.number(limit),
            TopFormat.gauge((double) count / limit, GAUGE),
            invalid.path("banned").asBoolean()
                ? "BANNED for " + TopFormat.span(invalid.path("closed_ms").asDouble())
                : NAMES.getOrDefault(level, level));
  }

  private String spark(JsonNode traffic) {
    JsonNode series = traffic.path("per_second");
    long top = 1;
    for (JsonNode second : series) {
      top = Math.max(top, second.asLong());
    }
    int room = Math.min(series.size(), Math.max(10, width - LABEL - 30));
    var bars = new StringBuilder();
    for (int i = Math.max(0, series.size() - room); i < series.size(); i++) {
      long value = series.path(i).asLong();
      bars.append(BARS.charAt((int) Math.ceilDiv(value * (BARS.length() - 1), top)));
    }
    return "%s  highest %s".formatted(bars, TopFormat.number(top == 1 ? highest(series) : top));
  }

  private static long highest(JsonNode series) {
    long highest = 0;
    for (JsonNode second : series) {
      highest = Math.max(highest, second.asLong());
    }
    return highest;
  }

  private static String percentiles(JsonNode times) {
    return times.isObject()
        ? "p50 %s p99 %s"
            .formatted(
                TopFormat.span(times.path("p50_ms").asDouble()),
                TopFormat.span(times.path("p99_ms").asDouble()))
        : "–";
  }

  private static String counts(JsonNode counts) {
    var some = new StringJoiner("  ");
    counts.properties().stream()
        .filter(count -> count.getValue().asLong() > 0)
        .forEach(
            count ->
                some.add(
                    NAMES.getOrDefault(count.getKey(), clean(count.getKey()))
                        + " "
                        + TopFormat.number(count.getValue().asLong())));
    return some.length() == 0 ? "none" : some.toString();
  }

  private static long total(JsonNode counts) {
    return counts.properties().stream().mapToLong(count -> count.getValue().asLong()).sum();
  }

  private static Optional<String> some(JsonNode count, String what) {
    return count.asLong() == 0
        ? Optional.empty()
        : Optional.of(TopFormat.number(count.asLong()) + " " + what + " in 5 min");
  }

  private static String instances(JsonNode store) {
    long count = store.path("instances").asLong();
    return count == 1 ? "1 instance" : TopFormat.number(count) + " instances";
  }

  private void labelled(String label, String text) {
    line(("%-" + LABEL + "s%s").formatted(label, text));
  }

  private void line(String text) {
    String whole = text.stripTrailing();
    lines.add(whole.length() <= width ? whole : whole.substring(0, Math.max(0, width - 1)) + "…");
  }

  private String coloured(String text, int colour) {
    return colours ? "\u001b[1;" + colour + "m" + text + "\u001b[0m" : text;
  }

  private static String text(JsonNode value) {
    return clean(value.asText());
  }

  /** Whatever answers there, it does not get to command the terminal. */
  private static String clean(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
