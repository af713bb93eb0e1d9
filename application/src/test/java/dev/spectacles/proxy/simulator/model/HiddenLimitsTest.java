package dev.spectacles.proxy.simulator.model;

import static dev.spectacles.proxy.simulator.model.Fixture.S;
import static dev.spectacles.proxy.simulator.model.Fixture.get;
import static dev.spectacles.proxy.simulator.model.Fixture.post;
import static dev.spectacles.proxy.simulator.model.Fixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.HiddenLimit;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HiddenLimitsTest {

  @Test
  void rename_thirdTime_isLimitedWithRequestsLeft() {
    var sim = new Fixture(Scenarios.renameSublimit());
    var rename = request("PATCH", "/channels/1").json("{\"name\": \"x\"}");

    assertThat(sim.accepted(2, 0, rename)).isEqualTo(2);
    var limited = sim.at(10 * S, rename);

    assertThat(limited.decision()).isEqualTo(Decision.LIMITED_SUBLIMIT);
    assertThat(limited.header("X-RateLimit-Scope")).contains("user");
    assertThat(limited.header("X-RateLimit-Remaining")).contains("3");
    assertThat(limited.header("X-RateLimit-Reset-After")).contains("5.000");
    assertThat(limited.header("Retry-After")).contains("590");
    assertThat(limited.text()).contains("\"retry_after\": 590.000");
  }

  @Test
  void rename_otherFields_areFree() {
    var sim = new Fixture(Scenarios.renameSublimit());
    sim.accepted(2, 0, request("PATCH", "/channels/1").json("{\"topic\": \"x\"}"));

    var change =
        request("PATCH", "/channels/1").json("{\"permission_overwrites\": [{\"name\":1}]}");

    assertThat(sim.at(0, change).status()).isEqualTo(200);
  }

  @Test
  void webhooks_ofOneChannel_shareThirtyPerMinute() {
    var sim = new Fixture(Scenarios.sharedWebhook());
    long accepted = 0;
    for (int i = 0; i < 6; i++) {
      var webhook = post("/webhooks/" + (1 + i % 2) + "/token");
      accepted += sim.accepted(5, i * 2 * S, webhook);
    }

    var limited = sim.at(12 * S, post("/webhooks/1/token"));

    assertThat(accepted).isEqualTo(30);
    assertThat(limited.decision()).isEqualTo(Decision.LIMITED_SHARED);
    assertThat(limited.header("X-RateLimit-Scope")).contains("shared");
    assertThat(limited.header("X-RateLimit-Remaining")).contains("5");
    assertThat(limited.header("Retry-After")).contains("48");
    assertThat(limited.text()).contains("The resource is being rate limited.");
  }

  @Test
  void emojis_ofOneGuild_areSharedByAllTokens() {
    var sim = new Fixture(Scenarios.realistic());
    var emojis = "/guilds/9/emojis";

    assertThat(sim.accepted(6, 0, get(emojis))).isEqualTo(6);
    assertThat(sim.accepted(9, 0, get(emojis).authorization("Bot b"))).isEqualTo(4);
    var limited = sim.at(0, get(emojis));
    assertThat(limited.header("X-RateLimit-Scope")).contains("shared");
    assertThat(limited.header("X-RateLimit-Remaining")).contains("44");
  }

  @Test
  void writeLimit_withCode_carriesItInBody() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .unlimited(Scenarios.CREATE_MESSAGE)
                .hidden(
                    Scenarios.CREATE_MESSAGE,
                    HiddenLimit.shared(
                            "write",
                            Rate.fixed(1, Duration.ofSeconds(5)),
                            HiddenLimit.Reach.RESOURCE)
                        .withCode(20028)));
    sim.at(0, post("/channels/1/messages"));

    assertThat(sim.at(0, post("/channels/1/messages")).text()).contains("\"code\": 20028");
  }
}
