package dev.spectacles.proxy.interop;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spectacles.proxy.bootstrap.EmbeddedProxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The suite of cache-tests.fyi for caches by RFC 9111, against the cache of REST answers where
 * answers themselves say how long they are good for ({@code cache.rest.strict}). No request has
 * credentials, so that the cache is a shared one.
 *
 * <p>Where Node.js is missing it says so and is skipped; with {@code CI=true} it fails instead.
 */
@Tag("interop")
class CacheConformanceIT {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * All groups but those about what this cache does not do on purpose: answers to other methods
   * than GET (method, updateHEAD), parts (partial), the fields for surrogates (surrogate-control),
   * and one answer for several credentials (auth).
   */
  private static final List<String> GROUPS =
      List.of(
          "cc-freshness",
          "cc-parse",
          "age-parse",
          "expires",
          "expires-parse",
          "cc-response",
          "stale",
          "heuristic",
          "status",
          "cc-request",
          "pragma",
          "vary",
          "vary-parse",
          "conditional-lm",
          "conditional-inm",
          "headers",
          "update304",
          "invalidation",
          "other");

  private static final int TESTS = 309;

  /**
   * Required tests that do not pass.
   *
   * @param outcome what becomes of them
   */
  private record Deviation(String outcome, String reason, List<String> tests) {}

  private static final List<Deviation> DEVIATIONS =
      List.of(
          new Deviation(
              "failed",
              "The suite is older than RFC 9111, whose section 5.1 has the first of several ages"
                  + " used, and ignored what is no number",
              List.of(
                  "age-parse-dup-0",
                  "age-parse-dup-0-twoline",
                  "age-parse-dup-old",
                  "age-parse-float",
                  "age-parse-negative",
                  "age-parse-nonnumeric",
                  "age-parse-numeric-parameter",
                  "age-parse-parameter",
                  "age-parse-prefix-twoline")),
          new Deviation(
              "set-up failed",
              "They expect 200 of an origin that hangs up, so nobody passes: that the stale answer"
                  + " is not used shows in their not getting as far as that",
              List.of(
                  "stale-close-must-revalidate",
                  "stale-close-no-cache",
                  "stale-close-proxy-revalidate",
                  "stale-close-s-maxage=2")),
          new Deviation(
              "set-up failed",
              "A 304 with another entity tag is about another answer, RFC 9111, section 4.3.4: the"
                  + " proxy asks again without conditions",
              List.of("304-etag-update-response-ETag")));

  private record Outcome(String group, String test, String kind, String outcome, String why) {
    static Outcome of(JsonNode line) {
      return new Outcome(
          line.path("group").asText(),
          line.path("test").asText(),
          line.path("kind").asText(),
          line.path("outcome").asText(),
          line.path("why").asText());
    }

    boolean passed() {
      return outcome.equals("passed");
    }
  }

  @BeforeAll
  static void requireNode() throws InterruptedException {
    NodeProject.require("Conformance of the cache");
  }

  @Test
  @Timeout(180)
  void strictCache_passesWhatIsRequired() throws Exception {
    List<Outcome> outcomes = run();
    System.out.println(summary(outcomes));

    var missed = new TreeMap<String, String>();
    for (Outcome outcome : outcomes) {
      if (outcome.kind().equals("required") && !outcome.passed()) {
        missed.put(outcome.test(), outcome.outcome());
      }
    }
    var expected = new TreeMap<String, String>();
    for (Deviation deviation : DEVIATIONS) {
      deviation.tests().forEach(test -> expected.put(test, deviation.outcome()));
    }
    assertThat(outcomes).hasSize(TESTS);
    assertThat(missed).isEqualTo(expected);
  }

  private static List<Outcome> run() throws Exception {
    NodeProject project = NodeProject.install();
    try (var origin = CacheOrigin.start(project);
        var proxy = EmbeddedProxy.start(settings(origin));
        var shim = HttpShim.start(proxy.client())) {
      List<String> arguments = Stream.concat(Stream.of(shim.url()), GROUPS.stream()).toList();
      var outcomes = new ArrayList<Outcome>();
      for (String line : project.run("cache-client.mjs", Map.of(), arguments)) {
        outcomes.add(Outcome.of(JSON.readTree(line)));
      }
      return outcomes;
    }
  }

  private static Map<String, String> settings(CacheOrigin origin) {
    return Map.of(
        "discord.api_url", origin.url().toString(),
        "cache.rest.strict", "true",
        "cache.rest.settle", "0s",
        // Whether the machine is busy is not to decide.
        "cache.rest.stale_while_limited", "0s",
        "cache.rest.lookup_timeout", "5s",
        "ratelimit.global", "1000000",
        "ratelimit.invalid_limit", "0");
  }

  /** How many passed of how many there are, by group and kind, and what did not pass. */
  private static String summary(List<Outcome> outcomes) {
    var byGroup = new LinkedHashMap<String, List<Outcome>>();
    for (Outcome outcome : outcomes) {
      byGroup.computeIfAbsent(outcome.group(), group -> new ArrayList<>()).add(outcome);
    }
    var text = new StringBuilder("Conformance of the cache, passed of all:\n");
    byGroup.forEach((group, ofGroup) -> text.append(line(group, ofGroup)));
    text.append(line("all", outcomes));
    outcomes.stream()
        .filter(outcome -> !outcome.passed())
        .map(outcome -> "not passed: " + outcome + "\n")
        .forEach(text::append);
    DEVIATIONS.forEach(deviation -> text.append(deviation).append('\n'));
    return text.toString();
  }

  private static String line(String name, List<Outcome> outcomes) {
    String counts =
        Stream.of("required", "optimal", "check")
            .map(kind -> outcomes.stream().filter(o -> o.kind().equals(kind)).toList())
            .map(ofKind -> ofKind.stream().filter(Outcome::passed).count() + "/" + ofKind.size())
            .map("%10s"::formatted)
            .collect(joining());
    return "%-16s%s%n".formatted(name, counts);
  }
}
