package dev.spectacles.proxy.adapter.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.testing.CapturedLog;
import org.junit.jupiter.api.Test;

class UnreadEventsTest {
  private final UnreadEvents events = new UnreadEvents("REQUEST");

  @Test
  void mistypedName_isToldOnce_withAGuess() {
    try (var log = new CapturedLog(UnreadEvents.class)) {
      events.came("client 1", "REQEUST");
      events.came("client 2", "REQEUST");

      assertThat(log.text().lines().filter(line -> line.startsWith("WARN")))
          .containsExactly(
              "WARN client 1 sent event REQEUST, which nobody here reads (requests are event"
                  + " REQUEST) (did you mean REQUEST?)");
    }
  }

  @Test
  void madeUpNames_areNotToldWithoutEnd_norWhatIsNoName() {
    try (var log = new CapturedLog(UnreadEvents.class)) {
      events.came("client 1", "a secret\nWARN no");
      for (int i = 0; i < 100; i++) {
        events.came("client 1", "EVENT_" + i);
      }

      assertThat(log.text().lines().filter(line -> line.startsWith("WARN"))).hasSize(10);
      assertThat(log.text()).doesNotContain("secret");
    }
  }
}
