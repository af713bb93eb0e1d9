package dev.spectacles.proxy.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UseTest {
  private static final long S = 1_000_000;
  private static final long ROUND_TRIP = 20_000;

  private final List<LedgerEntry> entries = new ArrayList<>();

  @Test
  void fixed_partOfARun_beginsWithAWindow() {
    for (int window = 0; window < 10; window++) {
      for (int i = 1; i <= 5; i++) {
        arrive(window * (S + ROUND_TRIP) + i, i, Decision.ACCEPTED);
      }
    }

    Use use = Use.of(entries, Rate.fixed(5, Duration.ofSeconds(1)), ROUND_TRIP, 3, 5 * S);

    assertThat(use.accepted()).isEqualTo(4 * 5);
    assertThat(use.maximum()).isEqualTo(4 * 5);
    assertThat(use.firstMicros()).isEqualTo(S + ROUND_TRIP + 1);
    assertThat(use.utilisation()).isEqualTo(1);
  }

  @Test
  void sliding_partOfARun_countsTheLevelItBeganWith() {
    for (int i = 0; i <= 20; i++) {
      arrive(i * S, 5, Decision.ACCEPTED);
    }

    Use use = Use.of(entries, Rate.sliding(5, Duration.ofSeconds(5)), 0, 10 * S, 20 * S);

    assertThat(use.accepted()).isEqualTo(11);
    assertThat(use.maximum()).isEqualTo(11);
  }

  @Test
  void refusedRequests_doNotCount() {
    arrive(0, 1, Decision.ACCEPTED);
    arrive(S, 1, Decision.LIMITED_USER);
    arrive(2 * S, 1, Decision.LIMITED_GLOBAL);

    Use use = Use.of(entries, Rate.fixed(1, Duration.ofSeconds(1)), ROUND_TRIP, 0, 9 * S);

    assertThat(use.accepted()).isEqualTo(1);
    assertThat(use.lastMicros()).isZero();
  }

  @Test
  void nothingAccepted_isNoUse() {
    Use use = Use.of(entries, Rate.fixed(1, Duration.ofSeconds(1)), ROUND_TRIP, 0, 9 * S);

    assertThat(use.utilisation()).isZero();
    assertThat(use.lastMicros()).isEqualTo(-1);
  }

  private void arrive(long now, double level, Decision decision) {
    var origin = new Origin("192.0.2.1", "token", "one", -1, "");
    entries.add(
        new LedgerEntry(
            entries.size() + 1,
            now,
            now,
            "GET",
            "/x",
            "h:1:token",
            decision,
            level,
            200,
            "",
            origin));
  }
}
