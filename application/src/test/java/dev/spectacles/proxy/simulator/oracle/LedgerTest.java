package dev.spectacles.proxy.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.scenario.Rate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long S = 1_000_000;
  private static final Rate FIXED = Rate.fixed(5, Duration.ofSeconds(1));

  private final Ledger ledger = new Ledger("test", 100, 20_000);

  @Test
  void maximum_fixed_isLimitPerWindowAndRoundTrip() {
    for (int window = 0; window < 10; window++) {
      for (int i = 0; i < 5; i++) {
        arrive(window * 1_020_000L, Decision.ACCEPTED, FIXED, -1);
      }
    }

    var bucket = ledger.snapshot(List.of()).report().bucket("h").orElseThrow();

    assertThat(bucket.maximum()).isEqualTo(50);
    assertThat(bucket.utilisation()).isEqualTo(1.0);
  }

  @Test
  void maximum_sliding_isLimitPlusElapsed() {
    var sliding = Rate.sliding(5, Duration.ofSeconds(5));
    arrive(0, Decision.ACCEPTED, sliding, -1);
    arrive(10 * S, Decision.ACCEPTED, sliding, -1);

    assertThat(ledger.snapshot(List.of()).report().bucket("h").orElseThrow().maximum())
        .isEqualTo(15);
  }

  @Test
  void maximum_limitChanges_addsSegments() {
    arrive(0, Decision.ACCEPTED, Rate.sliding(5, Duration.ofSeconds(5)), -1);
    arrive(10 * S, Decision.ACCEPTED, Rate.sliding(10, Duration.ofSeconds(5)), -1);
    arrive(20 * S, Decision.ACCEPTED, Rate.sliding(10, Duration.ofSeconds(5)), -1);

    var maximum = ledger.snapshot(List.of()).report().bucket("h").orElseThrow().maximum();

    assertThat(maximum).isEqualTo(5 + 10 + 5 + 20);
  }

  @Test
  void maxInFlight_untilAnswered_isCounted() {
    var first = arrive(0, Decision.ACCEPTED, FIXED, -1);
    arrive(1, Decision.ACCEPTED, FIXED, -1);
    ledger.answered(first);
    arrive(2, Decision.ACCEPTED, FIXED, -1);

    assertThat(ledger.snapshot(List.of()).report().bucket("h").orElseThrow().maxInFlight())
        .isEqualTo(2);
  }

  @Test
  void order_laterSequenceFirst_isAViolation() {
    arrive(0, Decision.ACCEPTED, FIXED, 1);
    arrive(1, Decision.LIMITED_USER, FIXED, 2);
    arrive(2, Decision.ACCEPTED, FIXED, 2);
    arrive(3, Decision.ACCEPTED, FIXED, 4);
    arrive(4, Decision.ACCEPTED, FIXED, 3);

    var bucket = ledger.snapshot(List.of()).report().bucket("h").orElseThrow();

    assertThat(bucket.sendOrderViolations()).isEqualTo(1);
    assertThat(bucket.arrivalOrderViolations()).isEqualTo(1);
    assertThat(bucket.limited()).isEqualTo(1);
  }

  @Test
  void capacity_exceeded_isSaid() {
    for (int i = 0; i < 130; i++) {
      arrive(i, Decision.ACCEPTED, FIXED, -1);
    }

    var report = ledger.snapshot(List.of()).report();

    assertThat(report.totals().arrived()).isEqualTo(130);
    assertThat(report.totals().dropped()).isEqualTo(30);
    assertThat(report.accepted()).isEqualTo(130);
    assertThat(ledger.entries()).hasSize(100);
  }

  @Test
  void report_text_readsBackEqual() {
    arrive(0, Decision.ACCEPTED, FIXED, 1);
    arrive(1, Decision.LIMITED_SHARED, FIXED, 2);
    var report = ledger.snapshot(List.of(new Stall(5, 20_000))).report();

    assertThat(Report.parse(report.toText())).isEqualTo(report);
    assertThat(report.stalled()).isTrue();
    assertThat(report.limitedShared()).isEqualTo(1);
  }

  @Test
  void entry_text_readsBackEqual() {
    arrive(7, Decision.ACCEPTED, FIXED, 1);
    var entry = ledger.entries().getFirst();

    assertThat(LedgerEntry.parse(entry.toText())).isEqualTo(entry);
  }

  private long arrive(long now, Decision decision, Rate rate, long clientSequence) {
    var sequence = ledger.nextSequence();
    var origin = new Origin("192.0.2.1", "token", "a b", clientSequence, "");
    var entry =
        new LedgerEntry(
            sequence, now, now, "GET", "/x", "h:1:token", decision, 0.5, 200, "", origin);
    ledger.arrived(entry, Optional.of(rate), Optional.of(rate));
    return sequence;
  }
}
