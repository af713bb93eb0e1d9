package dev.spectacles.proxy.simulator.model;

import static dev.spectacles.proxy.simulator.model.Fixture.MS;
import static dev.spectacles.proxy.simulator.model.Fixture.S;
import static dev.spectacles.proxy.simulator.model.Fixture.TOKEN;
import static dev.spectacles.proxy.simulator.model.Fixture.get;
import static dev.spectacles.proxy.simulator.model.Fixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.scenario.TokenSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApiRulesTest {
  private final Fixture sim = new Fixture(Scenario.builder("test"));

  @Test
  void ban_afterThreshold_hidesTheApi() {
    var banning = new Fixture(Scenarios.cfBan());
    for (int i = 0; i < 20; i++) {
      assertThat(banning.at(i * MS, get("/forbidden/x")).status()).isEqualTo(403);
    }

    var banned = banning.at(20 * MS, get("/a"));

    assertThat(banned.decision()).isEqualTo(Decision.BANNED);
    assertThat(banned.status()).isEqualTo(429);
    assertThat(banned.header("Via")).isEmpty();
    assertThat(banned.header("X-RateLimit-Scope")).isEmpty();
    assertThat(banned.header("Content-Type")).hasValueSatisfying(t -> t.startsWith("text/html"));
    assertThat(banned.text()).contains("1015");
    assertThat(banning.at(20 * MS, get("/a").from("192.0.2.9")).status()).isEqualTo(200);
    assertThat(banning.at(19 * MS + 5 * S, get("/a")).status()).isEqualTo(200);
    assertThat(banning.discord.report().requestsDuringBans()).isEqualTo(1);
    assertThat(banning.discord.report().totals().bans()).isEqualTo(1);
  }

  @Test
  void instance_isReadFromHeaderOrUserAgent() {
    sim.at(0, get("/a"));
    sim.at(1, get("/a").header("User-Agent", SimRequest.USER_AGENT + " instance/two"));
    sim.at(2, get("/a").header("X-Sim-Instance", "three"));

    assertThat(sim.discord.ledger())
        .extracting(entry -> entry.origin().instance())
        .containsExactly("", "two", "three");
  }

  @Test
  void ban_json_hasCodeZeroAndNoRetryAfter() {
    var banning = new Fixture(Scenarios.invalidRamp());
    banning.discord.apply(new Change.Ban("192.0.2.1", Duration.ofSeconds(1)), 0);

    var banned = banning.at(0, get("/a"));

    assertThat(banned.text())
        .startsWith("{\"message\": \"You are being blocked")
        .contains("\"code\": 0}");
    assertThat(banned.header("Retry-After")).isEmpty();
  }

  @Test
  void invalidCount_sharedLimits_areLeftOut() {
    var shared =
        new Fixture(
            Scenarios.sharedWebhook().toBuilder()
                .invalid(Scenarios.cfBan().invalid())
                .bucket(
                    "webhook-execute",
                    Scenarios.limitShrink().buckets().getFirst().rate().withLimit(1_000)));
    shared.accepted(45, 0, post("/webhooks/1/token"));
    shared.accepted(45, S, post("/webhooks/1/token"));

    assertThat(shared.discord.report().limitedShared()).isEqualTo(60);
    assertThat(shared.discord.report().totals().bans()).isZero();
  }

  @Test
  void token_revoked_answers401WithoutLimitHeaders() {
    sim.discord.apply(new Change.SetToken(TOKEN, TokenSpec.State.REVOKED), 0);

    var answer = sim.at(0, get("/users/@me"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.decision()).isEqualTo(Decision.UNAUTHORIZED);
  }

  @Test
  void token_flaky_failsOnce() {
    sim.discord.apply(new Change.SetToken(TOKEN, TokenSpec.State.FLAKY), 0);

    assertThat(sim.at(0, get("/users/@me")).status()).isEqualTo(401);
    assertThat(sim.at(0, get("/users/@me")).status()).isEqualTo(200);
  }

  @Test
  void authorization_missing_isRefusedOnBotRoutesOnly() {
    assertThat(sim.at(0, SimRequest.of("GET", "/api/v10/channels/1")).status()).isEqualTo(401);
    assertThat(sim.at(0, SimRequest.of("POST", "/api/v10/webhooks/1/t")).status()).isEqualTo(200);
    assertThat(sim.at(0, SimRequest.of("GET", "/api/v10/gateway")).status()).isEqualTo(200);
  }

  @Test
  void webhook_deleted_answers10015() {
    sim.discord.apply(new Change.DeleteWebhook("7"), 0);

    var answer = sim.at(0, post("/webhooks/7/token"));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("\"code\": 10015");
  }

  @Test
  void interaction_olderThan15Minutes_isUnknown() {
    var old = Fixture.idMadeBefore(Duration.ofMinutes(16));
    var fresh = Fixture.idMadeBefore(Duration.ofMinutes(14));

    assertThat(sim.at(0, post("/webhooks/1/" + InteractionToken.of(old, "r"))).status())
        .isEqualTo(404);
    assertThat(sim.at(0, post("/webhooks/1/" + InteractionToken.of(fresh, "r"))).status())
        .isEqualTo(200);
    assertThat(sim.at(0, post("/interactions/" + old + "/t/callback")).status()).isEqualTo(404);
  }

  @Test
  void userAgent_notOfALibrary_isBlocked() {
    var answer = sim.at(0, get("/users/@me").header("User-Agent", "curl/8"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("40333");
  }

  @Test
  void version_goneOrMissing_isTreatedAsDocumented() {
    for (var version : new String[] {"v3", "v4", "v5", "v11"}) {
      var request = SimRequest.of("GET", "/api/" + version + "/gateway");
      assertThat(sim.at(0, request).status()).as(version).isEqualTo(400);
    }
    assertThat(sim.at(0, SimRequest.of("GET", "/api/gateway")).status()).isEqualTo(200);
    assertThat(sim.at(0, SimRequest.of("GET", "/other/v10/gateway")).status()).isEqualTo(404);
  }

  @Test
  void root_empty_takesPathsWithoutPrefix() {
    var bare = new Fixture(Scenario.builder("test").api(api -> api.withRoot("")));

    assertThat(bare.at(0, SimRequest.of("GET", "/v10/gateway")).status()).isEqualTo(200);
  }

  @Test
  void success_echoesWhatWasSent() {
    var answer = sim.at(0, post("/x?a=1&b=%20").json("{\"nonce\": \"n-1\", \"content\": \"hi\"}"));

    assertThat(answer.text())
        .contains("\"method\": \"POST\", \"path\": \"/x\", \"query\": \"a=1&b=%20\"")
        .contains("\"length\": 33, \"nonce\": \"n-1\"");
    assertThat(sim.discord.ledger().getFirst().origin().nonce()).isEqualTo("n-1");
  }

  @Test
  void rawEcho_answersTheSameBytes() {
    var raw = new Fixture(Scenario.builder("test").api(api -> api.withRawEcho(true)));
    var body = "\u00e9\u0000 {".getBytes(StandardCharsets.UTF_8);
    var request = new SimRequest("POST", "/api/v10/x", post("/x").headers(), body, "192.0.2.1");

    assertThat(raw.at(0, request).body()).isEqualTo(body);
  }

  @Test
  void multipart_payloadJson_isReadForNonce() {
    var text =
        "--b\r\n"
            + "Content-Disposition: form-data; name=\"payload_json\"\r\n\r\n"
            + "{\"nonce\":12}\r\n"
            + "--b--";
    sim.at(0, post("/x").json(text).header("content-type", "multipart/form-data; boundary=b"));

    assertThat(sim.discord.ledger().getFirst().origin().nonce()).isEqualTo("12");
  }

  @Test
  void fault_afterEffect_sparesRefusedRequests() {
    var failing =
        new Fixture(
            Scenario.builder("test")
                .global(1, RateModel.FIXED)
                .fault(
                    FaultSpec.status("* /**", 500, FaultSpec.Phase.AFTER_EFFECT)
                        .after(1)
                        .times(1)));

    assertThat(failing.at(0, get("/a")).status()).isEqualTo(200);
    assertThat(failing.at(0, get("/a")).status()).isEqualTo(429);
    assertThat(failing.at(S, get("/a")).status()).isEqualTo(500);
    assertThat(failing.at(2 * S, get("/a")).status()).isEqualTo(200);
  }

  @Test
  void arrive_timeGoesBack_isRefused() {
    sim.at(5, get("/a"));

    assertThatThrownBy(() -> sim.at(4, get("/a"))).hasMessageContaining("nowMicros: 4");
  }

  @Test
  void fault_beforeEffect_countsNowhere() {
    var route = "POST /x";
    var failing =
        new Fixture(
            Scenario.builder("test")
                .fault(FaultSpec.status(route, 502, FaultSpec.Phase.BEFORE_EFFECT).times(1))
                .fault(FaultSpec.status(route, 500, FaultSpec.Phase.AFTER_EFFECT).times(1)));

    var before = failing.at(0, post("/x").header("x-sim-nonce", "n"));
    var after = failing.at(0, post("/x").header("x-sim-nonce", "n"));
    var good = failing.at(0, post("/x").header("x-sim-nonce", "n"));

    assertThat(before.status()).isEqualTo(502);
    assertThat(before.decision()).isEqualTo(Decision.FAILED_BEFORE_EFFECT);
    assertThat(before.header("Via")).isEmpty();
    assertThat(after.status()).isEqualTo(500);
    assertThat(after.decision()).isEqualTo(Decision.ACCEPTED);
    assertThat(good.status()).isEqualTo(200);
    assertThat(failing.discord.report().totals().duplicateNonces()).isEqualTo(1);
    assertThat(failing.discord.report().totals().repeatedNonces()).isEqualTo(1);
  }
}
