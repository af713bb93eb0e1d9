package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.InvalidSpec;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A flood of requests that Discord forbids, from two instances behind one address (I16). */
@Tag("redis")
class InvalidRequestsIT {
  /** A fifth of Discord's, and so much that what one instance hears late does not count. */
  private static final int LIMIT = 2_000;

  private static final int BOTS = 40;
  private static final int REQUESTS = 2_400;
  private static final int AT_A_TIME = 200;
  private static final int REFUSED = 429;
  private static final int FORBIDDEN = 403;

  @Test
  void floodOfForbiddenRequests_endsBeforeTheBan() throws Exception {
    Scenario scenario =
        Scenarios.unlimited().toBuilder()
            .global(1_000_000, RateModel.FIXED)
            .invalid(
                new InvalidSpec(
                    LIMIT,
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    InvalidSpec.BanAnswer.HTML,
                    true))
            .at(Duration.ZERO, new Change.Forbid(RoutePattern.parse(Scenarios.GET_CHANNEL), true))
            .build();
    var settings =
        Map.of("RATELIMIT_INVALID_LIMIT", Integer.toString(LIMIT), "RATELIMIT_GLOBAL", "1000");
    try (var stage = new Stage(settings, 2)) {
      stage.discord().reset(scenario);
      int refused = 0;
      int forbidden = 0;
      for (int sent = 0; sent < REQUESTS; sent += AT_A_TIME) {
        for (Published request : flood(stage.worker(), sent)) {
          ProxyResponse.Http answer = request.http(60);
          assertThat(answer.code()).isIn(REFUSED, FORBIDDEN);
          if (answer.code() == REFUSED) {
            refused++;
            assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
          } else {
            forbidden++;
          }
        }
      }
      long before = atDiscord(stage);
      for (Published request : flood(stage.worker(), REQUESTS)) {
        assertThat(request.http(10).code()).isEqualTo(REFUSED);
      }
      System.out.printf(
          "403s of %d until nothing was sent any more: %d; refused: %d%n",
          LIMIT, forbidden, refused);
      assertThat(atDiscord(stage)).as("sent when no more may be").isEqualTo(before);
      assertThat(stage.discord().report().count(Decision.BANNED)).isZero();
      assertThat(forbidden).isBetween(LIMIT * 8 / 10, LIMIT - 1);
    }
  }

  private static List<Published> flood(Worker worker, int from) {
    var sent = new ArrayList<Published>();
    for (int i = from; i < from + AT_A_TIME; i++) {
      sent.add(
          worker.publish(
              Worker.get("/channels/" + (1_000 + i))
                  .header("Authorization", "Bot flood-" + i % BOTS)));
    }
    return sent;
  }

  private static long atDiscord(Stage stage) {
    return stage.discord().ledger().size();
  }
}
