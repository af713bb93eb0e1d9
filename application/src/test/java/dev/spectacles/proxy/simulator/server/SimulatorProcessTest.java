package dev.spectacles.proxy.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatorProcessTest {

  @Test
  void process_fullLife_answersReportsAndEnds() throws IOException, InterruptedException {
    ProcessHandle handle;
    try (var simulator = SimulatorProcess.start(Scenarios.realistic())) {
      handle = ProcessHandle.of(simulator.pid()).orElseThrow();
      try (var client = new RawClient(simulator.apiUrl())) {
        assertThat(client.exchange("POST", "/channels/1/messages", "{}")).contains("message");
        simulator.script(new Change.Forbid(RoutePattern.parse("GET /channels/{id}"), true));
        assertThat(client.exchange("GET", "/channels/1", "")).startsWith("HTTP/1.1 403");
      }

      assertThat(simulator.report().accepted()).isEqualTo(1);
      assertThat(simulator.report().count(Decision.FORBIDDEN)).isEqualTo(1);
      assertThat(simulator.ledger()).hasSize(2);
      assertThatThrownBy(() -> simulator.script(new Change.SetLimit("nowhere", 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nowhere");
      simulator.reset(Scenarios.unlimited());
      assertThat(simulator.report().totals().scenario()).isEqualTo("unlimited");
      assertThat(simulator.ledger()).isEmpty();
    }
    assertThat(handle.isAlive()).isFalse();
  }

  @Test
  void start_childFails_saysWhy() throws InterruptedException {
    try (var child = ChildJvm.start(SimulatorMain.class, List.of("--colour", "red"))) {
      assertThatThrownBy(() -> child.awaitLine(SimulatorMain.READY, Duration.ofSeconds(20)))
          .hasMessageContaining("--colour");
    }
  }
}
