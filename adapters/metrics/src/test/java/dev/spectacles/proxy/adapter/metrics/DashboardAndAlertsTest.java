package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spectacles.proxy.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard and the alerts ask for what is really exported, in its units. */
class DashboardAndAlertsTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path ALERTS = DOCS.resolve("prometheus-alerts.yml");
  private static final Path DASHBOARD = DOCS.resolve("grafana-dashboard.json");
  private static final Path FIRING = Path.of("src", "test", "promtool", "alerts.test.yml");

  /** What Prometheus adds to all that it scrapes. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job");

  private static Exposition scrape = Exposition.parse("# TYPE none gauge\n");

  @TempDir private Path folder;

  @BeforeAll
  static void scrape() throws Exception {
    try (var proxy = new BusyProxy()) {
      // A JVM that has not done so yet has no metrics of it.
      System.gc();
      Eventually.holds(
          "metrics of a collection",
          () -> proxy.events.scrape().contains("jvm_gc_pause_seconds_sum"));
      scrape = proxy.scrape();
    }
  }

  @Test
  void alerts_askForWhatIsExported() throws Exception {
    for (var rule : rules()) {
      assertExported(String.valueOf(rule.get("alert")), String.valueOf(rule.get("expr")));
    }
  }

  @Test
  void alerts_haveASeverityAndSayWhatToDo() throws Exception {
    for (var rule : rules()) {
      String name = String.valueOf(rule.get("alert"));
      assertThat(name).matches("SpectaclesProxy[A-Z]\\w+");
      assertThat(map(rule.get("labels")).get("severity"))
          .as(name)
          .isIn("info", "warning", "critical");
      assertThat(map(rule.get("annotations"))).as(name).containsOnlyKeys("summary", "description");
    }
  }

  @Test
  void panels_askForWhatIsExported() throws Exception {
    int targets = 0;
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        targets++;
        assertExported(panel.path("title").asText(), expression(target));
      }
    }
    assertThat(targets).isGreaterThan(40);
  }

  @Test
  void panels_showTheUnitOfWhatTheyAskFor() throws Exception {
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        assertThat(panel.at("/fieldConfig/defaults/unit").asText())
            .as("%s: %s", panel.path("title").asText(), expression(target))
            .isIn(units(expression(target)));
      }
    }
  }

  @Test
  void panels_nameOnlyLabelsThatTheirExpressionsLeave() throws Exception {
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        PromQl asked = PromQl.parse(expression(target));
        boolean aggregated = expression(target).matches(".*\\b(sum|max|min|count)\\b.*");
        var named = new TreeSet<String>();
        var found =
            Pattern.compile("\\{\\{(\\w+)\\}\\}").matcher(target.path("legendFormat").asText());
        while (found.find()) {
          named.add(found.group(1));
        }
        assertThat(aggregated ? asked.grouped() : OF_THE_TARGET)
            .as("%s", panel.path("title").asText())
            .containsAll(named);
      }
    }
  }

  @Test
  void panels_lieBesideEachOther() throws Exception {
    var taken = new HashMap<String, String>();
    var ids = new TreeSet<Integer>();
    for (JsonNode panel : panels()) {
      JsonNode at = panel.path("gridPos");
      assertThat(ids.add(panel.path("id").asInt())).as("id of " + panel.path("title")).isTrue();
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          String title = panel.path("title").asText();
          assertThat(taken.put(x + "," + y, title)).as(title).isNull();
          assertThat(x).as(title).isLessThan(24);
        }
      }
    }
  }

  @Test
  void alerts_promtoolTakesThem() throws Exception {
    Promtool.accepts(ALERTS, "check", "rules", ALERTS.toString());
  }

  /** Each alert fires in one case there, and does not in another. */
  @Test
  void alerts_fireWhenTheyShould() throws Exception {
    String cases = Files.readString(FIRING);
    for (var rule : rules()) {
      assertThat(cases).contains("alertname=\"" + rule.get("alert") + "\"");
    }
    Promtool.accepts(FIRING, "test", "rules", FIRING.toString());
  }

  @Test
  void expressionsOfPanels_promtoolTakesThem() throws Exception {
    var rules = new ArrayList<Map<String, String>>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        rules.add(Map.of("record", "panel:" + rules.size(), "expr", expression(target)));
      }
    }
    var groups = Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)));
    Path file = Files.writeString(folder.resolve("panels.yml"), new Yaml().dump(groups));
    Promtool.accepts(file, "check", "rules", file.toString());
  }

  private static void assertExported(String what, String expression) {
    PromQl asked = PromQl.parse(expression);
    Map<String, Set<String>> exported = exported();
    assertThat(asked.selectors()).as("%s: %s", what, expression).isNotEmpty();
    var labels = new TreeSet<>(OF_THE_TARGET);
    for (PromQl.Selector selector : asked.selectors()) {
      assertThat(exported).as("%s: %s", what, expression).containsKey(selector.name());
      labels.addAll(exported.getOrDefault(selector.name(), Set.of()));
      selector.matchers().forEach((label, values) -> assertValues(what, selector, label, values));
    }
    assertThat(labels).as("%s: %s", what, expression).containsAll(asked.labels());
  }

  private static void assertValues(
      String what, PromQl.Selector selector, String label, List<String> values) {
    if (OF_THE_TARGET.contains(label)) {
      return;
    }
    List<String> known =
        scrape.samples().stream()
            .filter(it -> it.name().equals(selector.name()))
            .map(it -> it.labels().get(label))
            .toList();
    assertThat(known).as("%s: %s of %s", what, label, selector.name()).containsAll(values);
  }

  private static Map<String, Set<String>> exported() {
    var all = new TreeMap<>(scrape.labelsByName());
    all.put("up", Set.of());
    if (Runtime.version().feature() < 24) {
      all.put("jvm_virtual_threads_queued", Set.of());
    }
    return all;
  }

  /** Units that a panel with this expression may have. */
  private static Set<String> units(String expression) {
    if (expression.matches(
        ".*\\} ?/ ?\\(?proxy_.*|.*\\)\\) / sum.*|.*_(usage|pause_seconds_sum)\\b.*")) {
      return Set.of("percentunit");
    }
    if (expression.contains("histogram_quantile") || expression.matches(".*_(lag|seconds)\\b.*")) {
      return Set.of("s");
    }
    if (expression.matches(".*_bytes(_limit)?\\b.*")) {
      return Set.of("bytes");
    }
    return expression.contains("rate(") ? Set.of("reqps", "ops") : Set.of("short");
  }

  /** Expression with what Grafana would put into it. */
  private static String expression(JsonNode target) {
    return target
        .path("expr")
        .asText()
        .replace("$__rate_interval", "1m")
        .replace("$instance", ".*");
  }

  private static List<JsonNode> panels() throws IOException {
    var panels = new ArrayList<JsonNode>();
    new ObjectMapper().readTree(Files.readString(DASHBOARD)).path("panels").forEach(panels::add);
    assertThat(panels).isNotEmpty();
    return panels;
  }

  private static List<Map<String, Object>> rules() throws IOException {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Map<String, Object> file = map(yaml.load(Files.readString(ALERTS)));
    var rules = new ArrayList<Map<String, Object>>();
    for (Object group : (List<?>) file.get("groups")) {
      for (Object rule : (List<?>) map(group).get("rules")) {
        rules.add(map(rule));
      }
    }
    assertThat(rules).isNotEmpty();
    return rules;
  }

  /** Keys of what YAML's safe constructor reads here are text. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }
}
