package dev.spectacles.proxy.simulator.model;

import static dev.spectacles.proxy.simulator.model.Fixture.MS;
import static dev.spectacles.proxy.simulator.model.Fixture.S;
import static dev.spectacles.proxy.simulator.model.Fixture.get;
import static dev.spectacles.proxy.simulator.model.Fixture.idMadeBefore;
import static dev.spectacles.proxy.simulator.model.Fixture.post;
import static dev.spectacles.proxy.simulator.model.Fixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.ClockSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RouteBucket;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private static final Rate FIVE_PER_SECOND = Rate.fixed(5, Duration.ofSeconds(1));

  private static Fixture oneBucket(Rate rate) {
    return new Fixture(Scenario.builder("test").route(Scenarios.CREATE_MESSAGE, "message", rate));
  }

  @Test
  void headers_accepted_tellBucketState() {
    var sim = oneBucket(Rate.sliding(5, Duration.ofSeconds(5)));
    sim.at(0, post("/channels/1/messages"));

    var answer = sim.at(250_400, post("/channels/1/messages"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-RateLimit-Limit")).contains("5");
    assertThat(answer.header("X-RateLimit-Remaining")).contains("3");
    assertThat(answer.header("X-RateLimit-Reset-After")).contains("1.750");
    assertThat(answer.header("X-RateLimit-Reset")).contains("1767225602.000");
    assertThat(answer.header("X-RateLimit-Bucket")).contains("message");
    assertThat(answer.header("Via")).contains("1.1 google");
    assertThat(answer.header("Date")).contains("Thu, 01 Jan 2026 00:00:00 GMT");
  }

  @Test
  void limited_user_hasAllHeadersAndRoundsUp() {
    var sim = oneBucket(FIVE_PER_SECOND);
    sim.accepted(5, 0, post("/channels/1/messages"));

    var answer = sim.at(99_500, post("/channels/1/messages"));

    assertThat(answer.decision()).isEqualTo(Decision.LIMITED_USER);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).contains("1");
    assertThat(answer.header("X-RateLimit-Scope")).contains("user");
    assertThat(answer.header("X-RateLimit-Global")).isEmpty();
    assertThat(answer.header("X-RateLimit-Remaining")).contains("0");
    assertThat(answer.text())
        .isEqualTo(
            "{\"message\": \"You are being rate limited.\", \"retry_after\": 0.901, \"global\":"
                + " false}");
  }

  @Test
  void reset_skewAndDrift_showInEpochOnly() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .clock(ClockSpec.skewed(Duration.ofMinutes(-10), 1_000))
                .route(Scenarios.CREATE_MESSAGE, "message", FIVE_PER_SECOND));

    var answer = sim.at(100 * S, post("/channels/1/messages"));

    assertThat(answer.header("X-RateLimit-Reset-After")).contains("1.000");
    assertThat(answer.header("X-RateLimit-Reset")).contains("1767225101.100");
  }

  @Test
  void bucket_otherMajorOrToken_countsApart() {
    var sim = oneBucket(FIVE_PER_SECOND);

    assertThat(sim.accepted(9, 0, post("/channels/1/messages"))).isEqualTo(5);
    assertThat(sim.accepted(9, 0, post("/channels/2/messages"))).isEqualTo(5);
    assertThat(sim.accepted(9, 0, post("/channels/1/messages").authorization("Bot b")))
        .isEqualTo(5);
  }

  @Test
  void sharedHash_createAndEdit_spendOneBudget() {
    var sim = new Fixture(Scenarios.hashSplit());

    assertThat(sim.accepted(3, 0, post("/channels/1/messages"))).isEqualTo(3);
    assertThat(sim.accepted(9, 0, request("PATCH", "/channels/1/messages/7"))).isEqualTo(2);
  }

  @Test
  void hashSplit_afterItsTime_givesEachItsOwn() {
    var sim = new Fixture(Scenarios.hashSplit());
    sim.at(0, post("/channels/1/messages"));

    assertThat(sim.accepted(9, 5 * S, post("/channels/1/messages"))).isEqualTo(5);
    assertThat(sim.accepted(9, 5 * S, request("PATCH", "/channels/1/messages/7"))).isEqualTo(5);
    var edit = sim.at(7 * S, request("PATCH", "/channels/1/messages/7"));
    assertThat(edit.header("X-RateLimit-Bucket")).contains("message-edit");
  }

  @Test
  void separateCounters_sameHash_countApart() {
    var sim =
        new Fixture(
            Scenario.builder("test")
                .route(Scenarios.CREATE_MESSAGE, "message", FIVE_PER_SECOND)
                .route(Scenarios.EDIT_MESSAGE, new RouteBucket.Hash("message", "edit")));

    assertThat(sim.accepted(9, 0, post("/channels/1/messages"))).isEqualTo(5);
    assertThat(sim.accepted(9, 0, request("PATCH", "/channels/1/messages/7"))).isEqualTo(5);
  }

  @Test
  void deleteMessage_byAge_hasThreeHashes() {
    var sim = new Fixture(Scenarios.deleteClasses());

    assertThat(deleteHash(sim, Duration.ofSeconds(5))).isEqualTo("delete-young");
    assertThat(deleteHash(sim, Duration.ofSeconds(15))).isEqualTo("delete-middle");
    assertThat(deleteHash(sim, Duration.ofDays(15))).isEqualTo("delete-old");
  }

  @Test
  void deleteMessage_missing_answersWithYoungHash() {
    var sim = new Fixture(Scenarios.deleteClasses());
    var path = "/channels/1/messages/" + idMadeBefore(Duration.ofDays(20));
    sim.discord.apply(new Change.Remove(RoutePattern.parse("DELETE " + path), true), 0);

    var answer = sim.at(0, request("DELETE", path));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("10008");
    assertThat(answer.header("X-RateLimit-Bucket")).contains("delete-young");
  }

  @Test
  void deleteMessage_burstOfOldOnes_namesYoungHash() {
    var sim = new Fixture(Scenarios.deleteClasses());
    var delete = request("DELETE", "/channels/1/messages/" + idMadeBefore(Duration.ofDays(20)));

    assertThat(sim.accepted(5, 0, delete)).isEqualTo(5);
    var limited = sim.at(0, delete);

    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("X-RateLimit-Bucket")).contains("delete-young");
    assertThat(limited.header("X-RateLimit-Remaining")).contains("0");
  }

  @Test
  void reactions_putAndDelete_shareOnePerQuarterSecond() {
    var sim = new Fixture(Scenarios.realistic());
    var put = request("PUT", "/channels/1/messages/2/reactions/%F0%9F%A6%80/@me");
    var clear = request("DELETE", "/channels/1/messages/3/reactions");

    assertThat(sim.at(0, put).status()).isEqualTo(204);
    assertThat(sim.at(100 * MS, clear).status()).isEqualTo(429);
    assertThat(sim.at(250 * MS, clear).status()).isEqualTo(204);
  }

  @Test
  void unlisted_withDefaultRate_hasHashPerRoute() {
    var sim = new Fixture(Scenario.builder("test").defaultRate(FIVE_PER_SECOND));

    var first = sim.at(0, get("/channels/1/messages/5")).header("X-RateLimit-Bucket");
    var sameRoute = sim.at(0, get("/channels/2/messages/6")).header("X-RateLimit-Bucket");
    var otherRoute = sim.at(0, get("/channels/1/pins")).header("X-RateLimit-Bucket");

    assertThat(first).isPresent().isEqualTo(sameRoute).isNotEqualTo(otherRoute);
    assertThat(sim.accepted(9, 0, get("/channels/1/messages/5"))).isEqualTo(4);
  }

  @Test
  void unlisted_withoutDefaultRate_hasNoHeaders() {
    var answer = new Fixture(Scenario.builder("test")).at(0, get("/channels/1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-RateLimit-Limit")).isEmpty();
  }

  @Test
  void script_limitChanges_atItsTime() {
    var sim = new Fixture(Scenarios.limitShrink());

    assertThat(sim.accepted(30, 1 * S, post("/channels/1/messages"))).isEqualTo(10);
    assertThat(sim.accepted(30, 6 * S, post("/channels/1/messages"))).isEqualTo(5);
    assertThat(sim.accepted(30, 11 * S, post("/channels/1/messages"))).isEqualTo(20);
  }

  private static String deleteHash(Fixture sim, Duration age) {
    var path = "/channels/1/messages/" + idMadeBefore(age);
    return sim.at(0, request("DELETE", path)).header("X-RateLimit-Bucket").orElseThrow();
  }
}
