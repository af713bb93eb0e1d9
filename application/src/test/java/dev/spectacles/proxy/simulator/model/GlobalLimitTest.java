package dev.spectacles.proxy.simulator.model;

import static dev.spectacles.proxy.simulator.model.Fixture.MS;
import static dev.spectacles.proxy.simulator.model.Fixture.S;
import static dev.spectacles.proxy.simulator.model.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.GlobalSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.TokenSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GlobalLimitTest {
  private static final String CALLBACK = "/api/v10/interactions/1/token/callback";

  private static Fixture limited(int limit, RateModel model) {
    return new Fixture(Scenario.builder("test").global(limit, model));
  }

  @Test
  void firstArrival_window_anchorsThere() {
    var sim = limited(50, RateModel.FIXED);

    assertThat(sim.accepted(60, 300 * MS, get("/a"))).isEqualTo(50);
    assertThat(sim.accepted(60, 1_299 * MS, get("/b"))).isZero();
    assertThat(sim.accepted(60, 1_300 * MS, get("/b"))).isEqualTo(50);
  }

  @Test
  void aligned_window_endsWithSecond() {
    var sim = limited(50, RateModel.ALIGNED);

    assertThat(sim.accepted(60, 900 * MS, get("/a"))).isEqualTo(50);
    assertThat(sim.accepted(60, 1_000 * MS, get("/a"))).isEqualTo(50);
  }

  @Test
  void slidingLog_window_reachesBackFromNow() {
    var sim = limited(50, RateModel.LOG);

    assertThat(sim.accepted(40, 0, get("/a"))).isEqualTo(40);
    assertThat(sim.accepted(40, 500 * MS, get("/a"))).isEqualTo(10);
    assertThat(sim.accepted(60, 1_000 * MS, get("/a"))).isEqualTo(40);
    assertThat(sim.accepted(60, 1_400 * MS, get("/a"))).isZero();
  }

  @Test
  void limited_global_hasNoBucketHeaders() {
    var sim = limited(1, RateModel.FIXED);
    sim.at(0, get("/a"));

    var answer = sim.at(400 * MS, get("/a"));

    assertThat(answer.decision()).isEqualTo(Decision.LIMITED_GLOBAL);
    assertThat(answer.header("X-RateLimit-Global")).contains("true");
    assertThat(answer.header("X-RateLimit-Scope")).contains("global");
    assertThat(answer.header("Retry-After")).contains("1");
    assertThat(answer.header("X-RateLimit-Limit")).isEmpty();
    assertThat(answer.header("X-RateLimit-Reset-After")).isEmpty();
    assertThat(answer.text()).contains("\"retry_after\": 0.600, \"global\": true");
  }

  @Test
  void tokens_otherOrRaised_haveTheirOwn() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .global(5, RateModel.FIXED)
                .token(TokenSpec.valid("Bot big").withGlobalLimit(20)));

    assertThat(sim.accepted(30, 0, get("/a"))).isEqualTo(5);
    assertThat(sim.accepted(30, 0, get("/a").authorization("Bot b"))).isEqualTo(5);
    assertThat(sim.accepted(30, 0, get("/a").authorization("Bot big"))).isEqualTo(20);
  }

  @Test
  void noAuthorization_countsByAddress() {
    var sim = limited(5, RateModel.FIXED);
    var open = SimRequest.of("POST", "/api/v10/webhooks/1/token");

    assertThat(sim.accepted(9, 0, open)).isEqualTo(5);
    assertThat(sim.accepted(9, 0, open.from("192.0.2.2"))).isEqualTo(5);
    assertThat(sim.accepted(9, 0, get("/a"))).isEqualTo(5);
  }

  @Test
  void interactions_neverCount() {
    var sim = limited(5, RateModel.FIXED);
    var followUp =
        SimRequest.of("POST", "/api/v10/webhooks/1/" + InteractionToken.of("7", "random"));

    assertThat(sim.accepted(50, 0, SimRequest.of("POST", CALLBACK))).isEqualTo(50);
    assertThat(sim.accepted(50, 0, followUp)).isEqualTo(50);
  }

  @Test
  void interactions_withAuthorization_countIfSoSet() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .global(new GlobalSpec(Rate.fixed(5, Duration.ofSeconds(1)), true)));
    var authorized = SimRequest.of("POST", CALLBACK).authorization("Bot a");

    assertThat(sim.accepted(50, 0, authorized)).isEqualTo(5);
    assertThat(sim.accepted(50, 0, SimRequest.of("POST", CALLBACK))).isEqualTo(50);
    assertThat(sim.discord.report().totals().authorizedInteractions()).isEqualTo(50);
  }

  @Test
  void refusedByBucket_stillCountsGlobally() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .global(3, RateModel.FIXED)
                .route("GET /a", "a", Rate.fixed(1, Duration.ofMillis(100))));
    sim.accepted(3, 0, get("/a"));

    assertThat(sim.at(200 * MS, get("/b")).decision()).isEqualTo(Decision.LIMITED_GLOBAL);
    assertThat(sim.at(1 * S, get("/b")).status()).isEqualTo(200);
  }
}
