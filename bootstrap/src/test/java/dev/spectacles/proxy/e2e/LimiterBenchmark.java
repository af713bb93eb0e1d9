package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.e2e.Traffic.Span;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What shared limits cost Redis per granted request, with four instances at saturation: the global
 * limit over forty channels, and buckets alone. Prints, asserts nothing. {@code mvn -Pbenchmarks
 * verify}
 */
@Tag("benchmark")
class LimiterBenchmark {
  private static final int INSTANCES = 4;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration RUN = Duration.ofSeconds(8);
  private static final Duration TAP = Duration.ofSeconds(4);
  private static final String RUNNING = "running";
  private static final String TAPPED = "tapped";

  private RedisServers.Server redis;
  private FleetStage stage;

  @BeforeEach
  void start() throws InterruptedException {
    redis = RedisServers.embedded().start();
    stage = new FleetStage("redis://" + redis.url(), "redis://" + redis.url(), Map.of());
    stage.instances(INSTANCES);
  }

  @AfterEach
  void stop() {
    stage.close();
    redis.close();
  }

  @Test
  void costPerGrant() throws Exception {
    var table = new ArrayList<String>();
    table.add(
        "| saturated | granted | used | 429s | TURN with claims | TURN without | RESTAMP"
            + " | all scripts | all commands | scripts | Redis CPU |");
    table.add("|---|---|---|---|---|---|---|---|---|---|---|");
    table.add(row("global 50/s over 40 buckets", List.of(), MixedLimits.CHANNELS));
    System.out.println(table.getLast());
    for (Saturated bucket : MixedLimits.ALL) {
      table.add(row(bucket.name(), List.of(bucket), 0));
      System.out.println(table.getLast());
    }
    table.forEach(System.out::println);
  }

  /**
   * Calls and microseconds per granted request. Commands are told apart in a part of the run of
   * their own, as to listen to them costs Redis time.
   */
  private String row(String name, List<Saturated> buckets, int channels) throws Exception {
    var did = new ArrayList<RedisFigures>();
    var taps = new ArrayList<CommandTap>();
    Traffic traffic =
        stage.saturated(
            name,
            buckets,
            channels,
            RateModel.LOG,
            crowd -> {
              Until.passes(WARM_UP);
              stage.mark(RUNNING);
              RedisFigures before = RedisFigures.of(redis.port());
              Until.passes(RUN);
              did.add(RedisFigures.of(redis.port()).since(before));
              stage.mark(TAPPED);
              taps.add(CommandTap.listen(redis.port(), TAP));
            });
    var run = new Span(traffic.at(RUNNING), traffic.at(TAPPED));
    double granted = traffic.accepted(run);
    double tapped = traffic.accepted(traffic.since(TAPPED));
    Map<String, Double> scripts = perGrant(taps.getFirst(), tapped);
    System.out.printf("%s: scripts per grant %s%n", name, scripts);
    double claims = scripts.getOrDefault(CommandTap.CLAIMS, 0.0);
    double releases = scripts.getOrDefault(CommandTap.RELEASES, 0.0);
    double all = scripts.values().stream().mapToDouble(Double::doubleValue).sum();
    double used =
        buckets.isEmpty()
            ? traffic.globalUse(run)
            : traffic.use(buckets.getFirst(), run).utilisation();
    return "| %s | %.1f /s | %.1f %% | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f µs | %.0f µs |"
        .formatted(
            name,
            granted / RUN.toSeconds(),
            100 * used,
            traffic.report().limited(),
            claims,
            releases,
            scripts.getOrDefault("RESTAMP", 0.0),
            all,
            taps.getFirst().ofInstances() / tapped,
            did.getFirst().scriptMicros() / granted,
            did.getFirst().cpuSeconds() * 1e6 / granted);
  }

  private static Map<String, Double> perGrant(CommandTap tap, double granted) {
    var scripts = new TreeMap<String, Double>();
    tap.limiter().forEach((name, calls) -> scripts.put(name, calls / granted));
    return scripts;
  }
}
