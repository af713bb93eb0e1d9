package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Discord counts per address, for four instances behind one (I16, I17). */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressIT {
  private static final int BOTS = 4;
  private static final String LOOPBACK = "127.0.0.1";

  /** Longest way to Discord and back, with some for four busy processes. */
  private static final long ROUND_TRIP_MICROS = 300_000;

  private Stage stage;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of(), 4);
    // A young process would measure how long its classes take to load.
    var warmUp = new ArrayList<Worker.Published>();
    for (int i = 0; i < 400; i++) {
      String bot = "Bot warm-" + i % 10;
      warmUp.add(stage.worker().publish(Worker.get("/channels/" + i).header("Authorization", bot)));
    }
    for (Worker.Published request : warmUp) {
      request.http(30);
    }
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void ban_stopsAllInstances_andIsProbedByOne() throws InterruptedException {
    Scenario scenario =
        Scenario.builder("ban").delays(Delays.reference()).global(50, RateModel.LOG).build();

    stage.measured(
        scenario,
        bot -> {
          try (var crowd = new Crowd(stage.worker(), lines(bot)).start()) {
            Until.passes(Duration.ofSeconds(2));
            stage.discord().script(new Change.Ban(LOOPBACK, Duration.ofMillis(4_000)));
            Until.passes(Duration.ofSeconds(3));
            // It outlasts what it said: the first probe meets it again.
            stage.discord().script(new Change.Ban(LOOPBACK, Duration.ofMillis(2_900)));
            Until.passes(Duration.ofMillis(6_500));
            assertThat(crowd.finish(Duration.ofSeconds(20)).unanswered()).isZero();
          }
        },
        seen -> {
          List<LedgerEntry> banned = with(seen.ledger(), Decision.BANNED);
          long began = banned.getFirst().receivedMicros();
          long underWay =
              banned.stream()
                  .filter(entry -> entry.receivedMicros() < began + ROUND_TRIP_MICROS)
                  .count();
          long before =
              with(seen.ledger(), Decision.ACCEPTED).stream()
                  .filter(entry -> entry.receivedMicros() < began)
                  .filter(entry -> entry.receivedMicros() > began - ROUND_TRIP_MICROS)
                  .count();
          LedgerEntry firstAfter =
              with(seen.ledger(), Decision.ACCEPTED).stream()
                  .filter(entry -> entry.receivedMicros() > began + ROUND_TRIP_MICROS)
                  .findFirst()
                  .orElseThrow();
          System.out.printf(
              "ban: %d sent in the 300 ms before, %d refused that were under way, %d probes,"
                  + " over after %.1f s%n",
              before,
              underWay,
              banned.size() - underWay,
              (firstAfter.receivedMicros() - began) / 1e6);
          assertThat(underWay)
              .as("refused: %s", arrivals(banned, began))
              .isLessThanOrEqualTo(Math.max(10, before));
          assertThat(banned.size() - underWay).as("probes that met the ban").isEqualTo(1);
          assertThat(arrivedWithin(seen.ledger(), firstAfter, Duration.ofMillis(20)))
              .as("requests with the probe that ended it")
              .isEqualTo(1);
        });
  }

  private static List<Crowd.Line> lines(String bot) {
    var lines = new ArrayList<Crowd.Line>();
    for (int i = 0; i < BOTS * 10; i++) {
      lines.add(new Crowd.Line(bot + "-" + i % BOTS, "/channels/" + i, 4));
    }
    return lines;
  }

  /** Milliseconds after the first, and the instance. */
  private static List<String> arrivals(List<LedgerEntry> entries, long began) {
    return entries.stream()
        .map(e -> (e.receivedMicros() - began) / 1_000 + " by " + e.origin().instance())
        .toList();
  }

  private static List<LedgerEntry> with(List<LedgerEntry> ledger, Decision decision) {
    return ledger.stream().filter(entry -> entry.decision() == decision).toList();
  }

  private static long arrivedWithin(List<LedgerEntry> ledger, LedgerEntry first, Duration time) {
    long end = first.receivedMicros() + time.toNanos() / 1_000;
    return ledger.stream()
        .filter(entry -> entry.receivedMicros() >= first.receivedMicros())
        .filter(entry -> entry.receivedMicros() < end)
        .count();
  }
}
