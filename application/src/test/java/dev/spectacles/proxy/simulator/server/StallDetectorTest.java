package dev.spectacles.proxy.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.oracle.Stall;
import org.junit.jupiter.api.Test;

class StallDetectorTest {

  @Test
  void woke_lateByMoreThanTenMillis_isAStall() {
    try (var detector = new StallDetector(new MonotonicClock())) {
      var farFuture = 1_000_000_000_000L;
      detector.woke(farFuture, farFuture + 10_000);
      detector.woke(farFuture, farFuture + 10_001);

      assertThat(detector.stalls())
          .contains(new Stall(farFuture, farFuture + 10_001))
          .doesNotContain(new Stall(farFuture, farFuture + 10_000));
    }
  }

  @Test
  void woke_severalInOnePause_areOneStall() {
    try (var detector = new StallDetector(new MonotonicClock())) {
      var farFuture = 1_000_000_000_000L;
      detector.woke(farFuture + 5, farFuture + 30_000);
      detector.woke(farFuture, farFuture + 30_002);
      detector.woke(farFuture + 50_000, farFuture + 70_000);

      assertThat(detector.stalls())
          .contains(new Stall(farFuture, farFuture + 30_002))
          .contains(new Stall(farFuture + 50_000, farFuture + 70_000));
    }
  }
}
