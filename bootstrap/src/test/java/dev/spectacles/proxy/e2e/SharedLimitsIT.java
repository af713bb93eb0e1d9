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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
  @ValueSource(ints = {1, 2, 4})
  void saturated_tenSeconds(int instances) throws Exception {
    saturate(instances, Duration.ofSeconds(10), Bounds.ofShortRun());
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void saturated_fiveMinutes(int instances) throws Exception {
    saturate(instances, Duration.ofMinutes(5), Bounds.ofIssue(instances));
  }

  private void saturate(int instances, Duration length, Bounds bounds) throws Exception {
    stage.instances(instances);
    var before = new ArrayList<RedisFigures>();
    try (var keys = new KeyWatch(redis::port)) {
      stage.measured(
          "saturated by " + instances,
          MixedLimits.ALL,
          instances == 2 ? RateModel.FIXED : RateModel.LOG,
          crowd -> {
            before.add(RedisFigures.of(redis.port()));
            Until.passes(length);
          },
          traffic -> {
            RedisFigures redisDid = RedisFigures.of(redis.port()).since(before.getLast());
            Span all = traffic.whole();
            Bounds.print(
                "%d instances, %s".formatted(instances, length), traffic, all, MixedLimits.ALL);
            System.out.printf(
                "  grants by instance %s; script calls per grant %.2f; keys %d%n",
                traffic.grants().values(),
                (double) redisDid.scriptCalls() / traffic.answers().total(),
                keys.mostKeys());
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
