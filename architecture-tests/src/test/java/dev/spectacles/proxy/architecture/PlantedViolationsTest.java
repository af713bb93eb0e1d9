package dev.spectacles.proxy.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check of every rule fails where a violation was planted for it, and says what is wrong. */
class PlantedViolationsTest {
  /** What each check of a rule has to find in the tree planted for that rule, by its number. */
  private static final Map<Integer, List<List<String>>> FINDINGS =
      Map.ofEntries(
          entry(1, List.of(List.of("domain.Knowing.store"))),
          entry(2, List.of(List.of("Reading.in", "Waiting.lock"))),
          entry(3, List.of(List.of("Tied.client"))),
          entry(4, List.of(List.of("Leaking.answers()"), List.of("Shortcut.answers"))),
          entry(5, List.of(List.of("Borrowing.pool", "Rooted.context"))),
          entry(
              6,
              List.of(
                  List.of(
                      "Visiting.client",
                      "expected: used in [adapter.redis] only",
                      "Unlisted.library",
                      "expected: a library listed"))),
          entry(7, List.of(List.of("Slice domain.here", "Slice domain.there"))),
          entry(8, List.of(List.of("Open is not final", "Changing.value is not final"))),
          entry(
              9,
              List.of(
                  List.of("Finished"),
                  List.of(
                      "Later.answer() uses java.util.concurrent.CompletableFuture",
                      "uses org.redisson.api.RStream"))),
          entry(
              10,
              List.of(
                  List.of("Rabbit (expected: a name that ends with Broker)"),
                  List.of("Rabbit (expected: a test of its package implements BrokerContract)"))),
          entry(11, List.of(List.of("Instant.now()", "Thread.sleep(long)", "System.nanoTime()"))),
          entry(12, List.of(List.of("Swallowing.await", "Swallowing.lambda"))),
          entry(13, List.of(List.of("newFixedThreadPool", "runAsync", "parallelStream"))),
          entry(
              14,
              List.of(
                  List.of("Hiding.next()"),
                  List.of("Hiding.java:12: synchronized block"),
                  List.of("Hiding.count"),
                  List.of("Hiding.NAME"))),
          entry(
              15,
              List.of(
                  List.of("Careless.run"),
                  List.of("Careless.run(java.lang.Runnable) catches RuntimeException"),
                  List.of("System.err"),
                  List.of("java.util.logging.Logger"))),
          entry(16, List.of(List.of("Exposed is public without need"))),
          entry(
              17,
              List.of(List.of("package violations.rule17.domain has no @NullMarked package-info"))),
          entry(
              18,
              List.of(
                  List.of(
                      "ForgottenProvider is missing in META-INF/services",
                      "StrayProvider implements no provider"),
                  List.of(
                      "[spi, vanished, wire] (expected: the adapter packages [forgotten, spi,"
                          + " wire])"))),
          entry(
              19,
              List.of(
                  List.of("PublicSuite"),
                  List.of("PublicSuite.plain()", "PublicSuite.parameterized(int)"),
                  List.of("PublicSuite.disabled()"),
                  List.of("SleepingSuite"))));

  /** Planted beside the violations: what keeps the rule, and must not be found. */
  private static final Map<Integer, List<String>> FAULTLESS =
      Map.ofEntries(
          entry(5, List.of("Obedient")),
          entry(6, List.of("AtHome")),
          entry(10, List.of("LocalBroker")),
          entry(11, List.of("SystemClock.nanoTime")),
          entry(12, List.of("Minding")),
          entry(13, List.of("Pooling.virtual")),
          entry(15, List.of("Tidy")),
          entry(16, List.of("LocalSettings", "Wired")),
          entry(17, List.of("application.Marked")),
          entry(18, List.of("ListedProvider")),
          entry(19, List.of("Contract")));

  static List<Rule> rules() {
    return Rules.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void plantedViolation_isFound(Rule rule) {
    Codebase planted = Project.find().planted(rule.number());
    List<List<String>> findings = FINDINGS.getOrDefault(rule.number(), List.of());

    assertThat(findings).as("findings expected of %s", rule).hasSameSizeAs(rule.checks());
    for (int i = 0; i < findings.size(); i++) {
      assertThat(rule.checks().get(i).violation(planted))
          .hasValueSatisfying(message -> assertThat(message).contains("because"))
          .get(as(STRING))
          .contains(findings.get(i))
          .satisfies(
              message ->
                  assertThat(FAULTLESS.getOrDefault(rule.number(), List.of()))
                      .noneMatch(message::contains));
    }
  }

  @Test
  void rules_areNumberedWithoutGaps() {
    assertThat(Rules.all().stream().map(Rule::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 19).boxed().toList());
  }
}
