package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.ScenarioBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Buckets of all kinds that always have somebody waiting, one instance that keeps its limits to
 * itself: no 429, and nearly all of them used.
 */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SaturationIT {
  private Stage stage;

  private record Saturated(String word, Rate rate, double share) {
    String path() {
      return "/channels/1/" + word;
    }

    /** How many wait: those of a long window are not all waited for in the end. */
    int inLine() {
      return (rate.window().compareTo(Duration.ofSeconds(3)) < 0 ? 3 : 2) * rate.limit();
    }
  }

  private static final List<Saturated> BUCKETS =
      List.of(
          new Saturated("alpha", Rate.fixed(10, Duration.ofSeconds(1)), 0.95),
          new Saturated("bravo", Rate.fixed(50, Duration.ofSeconds(1)), 0.95),
          new Saturated("charlie", Rate.fixed(2, Duration.ofSeconds(1)), 0.95),
          new Saturated("delta", Rate.sliding(10, Duration.ofSeconds(1)), 0.95),
          new Saturated("echo", Rate.sliding(30, Duration.ofSeconds(3)), 0.95),
          new Saturated("foxtrot", Rate.fixed(1, Duration.ofMillis(250)), 0.85),
          new Saturated("golf", Rate.sliding(5, Duration.ofSeconds(5)), 0.95));

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of("RATELIMIT_GLOBAL", "1000", "RATELIMIT_STORE", "local"));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void buckets_tenSeconds() throws InterruptedException {
    saturateBuckets(Duration.ofSeconds(10));
  }

  @Tag("slow")
  @Test
  void buckets_fiveMinutes() throws InterruptedException {
    saturateBuckets(Duration.ofMinutes(5));
  }

  private void saturateBuckets(Duration length) throws InterruptedException {
    ScenarioBuilder scenario =
        Scenario.builder("saturated").delays(Delays.reference()).global(1_000, RateModel.FIXED);
    for (Saturated bucket : BUCKETS) {
      scenario.route("GET /channels/{channel_id}/" + bucket.word(), bucket.word(), bucket.rate());
    }

    stage.measured(
        scenario.build(),
        bot -> saturate(bot, length),
        seen -> {
          for (Saturated bucket : BUCKETS) {
            BucketReport report = seen.report().bucket(bucket.word()).orElseThrow();
            System.out.printf(
                "%s: %.1f %% of %d, 429s %d%n",
                bucket.rate(), 100 * report.utilisation(), report.maximum(), report.limited());
            assertThat(report.limited()).as(bucket.word()).isZero();
            assertThat(report.utilisation())
                .as(bucket.word())
                .isGreaterThanOrEqualTo(bucket.share());
            assertThat(report.maxInFlight()).isLessThanOrEqualTo(bucket.rate().limit());
            assertThat(displacement(seen, bucket))
                .as("%s: places between turn and sending", bucket.word())
                .isLessThanOrEqualTo(bucket.rate().limit());
          }
          assertThat(seen.report().limited()).isZero();
        });
  }

  /**
   * How far a request was from its place when it was sent, at most. Turns are given in order; those
   * that get theirs at the same time, up to the limit of the bucket, may overtake each other then.
   */
  private static long displacement(Stage.Seen seen, Saturated bucket) {
    List<LedgerEntry> sent =
        seen.ledger().stream()
            .filter(entry -> entry.path().endsWith(bucket.path()))
            .sorted(Comparator.comparingLong(LedgerEntry::receivedMicros))
            .toList();
    long most = 0;
    for (int i = 0; i < sent.size(); i++) {
      most = Math.max(most, Math.abs(sent.get(i).origin().clientSequence() - i));
    }
    return most;
  }

  /** Keeps more requests in line per bucket than it lets through at once, one publisher for all. */
  private void saturate(String bot, Duration length) throws InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    var inLine = new ArrayList<Deque<Published>>();
    BUCKETS.forEach(bucket -> inLine.add(new ArrayDeque<>()));
    long[] sequence = new long[BUCKETS.size()];
    while (System.nanoTime() < end) {
      for (int i = 0; i < BUCKETS.size(); i++) {
        Deque<Published> waiting = inLine.get(i);
        waiting.removeIf(request -> request.answer().isDone());
        while (waiting.size() < BUCKETS.get(i).inLine()) {
          waiting.add(
              stage
                  .worker()
                  .publish(
                      Worker.get(BUCKETS.get(i).path())
                          .header("Authorization", bot)
                          .sequence(sequence[i]++)));
        }
      }
      CompletableFuture.anyOf(
              inLine.stream()
                  .flatMap(Deque::stream)
                  .map(Published::answer)
                  .toArray(CompletableFuture[]::new))
          .join();
    }
    for (Deque<Published> waiting : inLine) {
      for (Published request : waiting) {
        assertThat(request.http(60).code()).isEqualTo(200);
      }
    }
  }
}
