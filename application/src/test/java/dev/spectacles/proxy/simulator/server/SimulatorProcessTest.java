package dev.spectacles.proxy.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.WorldSpec;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.World;
import dev.spectacles.proxy.simulator.world.WorldEvent;
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
  void world_writtenOverHttp_isReadAndToldAlike() throws IOException, InterruptedException {
    var spec = new WorldSpec(11, 2, 1, false);
    var twin = new World(LiveWorld.settings(spec));
    var started = twin.begin();
    var scenario = Scenarios.unlimited().toBuilder().world(spec).build();
    try (var simulator = SimulatorProcess.start(scenario);
        var client = new RawClient(simulator.apiUrl())) {
      assertThat(simulator.move(LiveWorld.Move.BEGIN, 1)).isEqualTo(started);
      long guild = twin.guilds().first();
      long channel = twin.ids(guild, EntityType.CHANNEL).first();

      var name = "{\"name\": \"written\"}";
      assertThat(client.exchange("PATCH", "/channels/" + channel, name)).contains("200 OK");
      assertThat(client.exchange("POST", "/guilds/" + guild + "/roles", name)).contains("200 OK");
      assertThat(client.exchange("GET", "/guilds/" + guild + "/channels", ""))
          .contains("\"id\":\"" + channel + "\"")
          .contains("written");
      var told = simulator.move(LiveWorld.Move.NOTHING, 0);
      assertThat(told)
          .extracting(WorldEvent::name)
          .containsExactly("CHANNEL_UPDATE", "GUILD_ROLE_CREATE");
      assertThat(told).allSatisfy(event -> assertThat(event.json()).contains("written"));

      assertThat(client.exchange("DELETE", "/channels/" + channel, "")).contains("200 OK");
      assertThat(client.exchange("GET", "/channels/" + channel, "")).contains("404");
      assertThat(simulator.move(LiveWorld.Move.STEP, 100)).hasSizeGreaterThan(50);
      simulator.reset(Scenarios.unlimited());
      assertThatThrownBy(() -> simulator.move(LiveWorld.Move.STEP, 1))
          .hasMessageContaining("world: none");
    }
  }

  @Test
  void start_childFails_saysWhy() throws InterruptedException {
    try (var child = ChildJvm.start(SimulatorMain.class, List.of("--colour", "red"))) {
      assertThatThrownBy(() -> child.awaitLine(SimulatorMain.READY, Duration.ofSeconds(20)))
          .hasMessageContaining("--colour");
    }
  }
}
