package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.e2e.Traffic.Span;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One set of limits for one, two and four instances: no 429, and nearly everything used, of buckets
 * and of the global limit (I1-I8).
 */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitsIT {
  private static final Duration SHORT = Duration.ofSeconds(7);
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration TAP = Duration.ofSeconds(2);
  private static final String TAPPED = "tapped";

  private RedisServers.Server redis;
  private FleetStage stage;

  @BeforeAll
  void start() throws InterruptedException {
    redis = RedisServers.embedded().start();
    stage = new FleetStage("redis://" + redis.url(), "redis://" + redis.url(), Map.of());
  }

  @AfterAll
  void stop() {
    stage.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void saturated_sevenSeconds(int instances) throws Exception {
    saturate(instances, SHORT, Bounds.ofShortRun());
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void saturated_fiveMinutes(int instances) throws Exception {
    saturate(instances, Duration.ofMinutes(5), Bounds.ofIssue(instances));
  }

  @Test
  void globalLimitOverFortyChannels_costsRedisLittle_sevenSeconds() throws Exception {
    costs(SHORT, 2, 3);
  }

  @Tag("slow")
  @Test
  void globalLimitOverFortyChannels_costsRedisLittle_fiveMinutes() throws Exception {
    costs(Duration.ofMinutes(5), 1.5, 2);
  }

  /** Four instances that share what is scarce claim as often as it takes, and no more (I8). */
  private void costs(Duration length, double mostClaims, double mostCalls) throws Exception {
    stage.instances(4);
    var taps = new ArrayList<CommandTap>();
    stage.measured(
        "what the global limit costs",
        List.of(),
        RateModel.LOG,
        crowd -> {
          Until.passes(WARM_UP);
          stage.mark(TAPPED);
          taps.add(CommandTap.listen(redis.port(), length.minus(WARM_UP)));
        },
        traffic -> {
          Bounds.print("cost for " + length, traffic, traffic.whole(), List.of());
          Map<String, Double> calls = perGrant(taps.getLast(), traffic);
          assertThat(traffic.report().limited()).as("429s").isZero();
          assertThat(calls.get(CommandTap.CLAIMS)).as("claims per grant").isLessThan(mostClaims);
          assertThat(calls.values().stream().mapToDouble(Double::doubleValue).sum())
              .as("script calls per grant")
              .isLessThanOrEqualTo(mostCalls);
        });
  }

  private static Map<String, Double> perGrant(CommandTap tap, Traffic traffic) {
    double granted = traffic.accepted(traffic.since(TAPPED));
    var calls = new TreeMap<String, Double>();
    tap.limiter().forEach((name, count) -> calls.put(name, count / granted));
    System.out.printf("  script calls per grant: %s%n", calls);
    return calls;
  }

  private void saturate(int instances, Duration length, Bounds bounds) throws Exception {
    stage.instances(instances);
    var taps = new ArrayList<CommandTap>();
    try (var keys = new KeyWatch(redis::port)) {
      stage.measured(
          "saturated by " + instances,
          MixedLimits.ALL,
          instances == 2 ? RateModel.FIXED : RateModel.LOG,
          crowd -> {
            Until.passes(length.minus(TAP));
            stage.mark(TAPPED);
            taps.add(CommandTap.listen(redis.port(), TAP));
          },
          traffic -> {
            Span all = traffic.whole();
            Bounds.print(
                "%d instances, %s".formatted(instances, length), traffic, all, MixedLimits.ALL);
            System.out.printf(
                "  grants by instance %s; keys %d%n", traffic.grants().values(), keys.mostKeys());
            perGrant(taps.getLast(), traffic);
            assertThat(traffic.report().limited()).as("429s").isZero();
            bounds.check(traffic, all, MixedLimits.ALL);
            checkOrderAndShares(traffic, instances);
            assertThat(traffic.answers().unanswered()).isZero();
            assertThat(traffic.answers().outcomes()).containsOnlyKeys("200");
            assertThat(keys.immortal()).isEmpty();
          });
    }
  }

  private static void checkOrderAndShares(Traffic traffic, int instances) {
    for (Saturated bucket : MixedLimits.ALL) {
      int limit = bucket.rate().limit();
      assertThat(traffic.report().bucket(bucket.word()).orElseThrow().maxInFlight())
          .as("%s: in flight", bucket.word())
          .isLessThanOrEqualTo(limit);
      assertThat(traffic.displacement(bucket))
          .as("%s: places between turn and sending", bucket.word())
          .isLessThanOrEqualTo(limit);
      List<Long> grants = List.copyOf(traffic.grants(bucket).values());
      long all = grants.stream().mapToLong(Long::longValue).sum();
      // Where there was enough to share out, nobody went without.
      if (all >= 10L * instances) {
        assertThat(grants).as("%s: grants by instance", bucket.word()).hasSize(instances);
      }
    }
  }
}
