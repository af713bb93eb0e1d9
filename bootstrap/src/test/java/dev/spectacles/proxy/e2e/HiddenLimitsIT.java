package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Limits that Discord changes or does not announce, with real time and processes. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HiddenLimitsIT {
  private Stage stage;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of(), 2);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void routesOfOneHash_shareItsBudget_untilTheySplit() throws InterruptedException {
    stage.measured(
        Scenarios.hashSplit(),
        bot -> {
          var sent = new ArrayList<Published>();
          for (int i = 0; i < 45; i++) {
            sent.add(stage.publishMessage(bot, "1", i));
            sent.add(
                stage
                    .worker()
                    .publish(
                        new Worker.Draft("PATCH", "/channels/1/messages/5")
                            .header("Authorization", bot)
                            .json("{}")));
          }
          Stage.expectSuccess(sent, 60);
        },
        seen -> {
          // One answer does not turn a route over: until the second, both still share one budget.
          assertThat(seen.report().limited()).isLessThanOrEqualTo(2);
          assertThat(seen.report().bucket("message-edit").orElseThrow().accepted())
              .isGreaterThan(10);
        });
  }

  @Test
  void shrunkLimit_costsAtMostWhatIsInFlight_grownOneIsUsed() throws InterruptedException {
    stage.measured(
        Scenarios.limitShrink().toBuilder()
            .route(
                "GET /channels/{channel_id}/messages/{message_id}",
                "message-create",
                Rate.fixed(10, Duration.ofSeconds(1)))
            .build(),
        bot -> {
          var sent = new ArrayList<Published>();
          for (int i = 0; i < 180; i++) {
            sent.add(publish(bot, "/channels/1/messages/" + i));
          }
          Stage.expectSuccess(sent, 60);
        },
        seen -> {
          assertThat(seen.report().limited()).isLessThanOrEqualTo(10);
          BucketReport bucket = seen.report().bucket("message-create").orElseThrow();
          assertThat(bucket.accepted()).isEqualTo(180);
          assertThat(seen.span()).isLessThan(Duration.ofMillis(16_500));
        });
  }

  @Test
  void renameBeyondItsHiddenLimit_delaysNoOtherEdit() throws InterruptedException {
    Scenario scenario =
        Scenarios.renameSublimit().toBuilder()
            .bucket("channel-modify", Rate.fixed(50, Duration.ofSeconds(15)))
            .build();

    stage.measured(
        scenario,
        bot -> {
          rename(bot, 1).http(10);
          rename(bot, 2).http(10);
          ProxyResponse.Http third = rename(bot, 3).http(10);
          assertThat(third.code())
              .as("Discord's own answer, as the wait is too long")
              .isEqualTo(429);
          var edits = new ArrayList<Published>();
          for (int i = 0; i < 20; i++) {
            edits.add(stage.worker().publish(edit(bot, "{\"nsfw\":false}")));
          }
          Stage.expectSuccess(edits, 10);
          assertThat(rename(bot, 4).await(10).status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
        },
        seen -> {
          assertThat(seen.report().count(Decision.LIMITED_SUBLIMIT)).isEqualTo(1);
          assertThat(seen.report().limited()).isEqualTo(1);
        });
  }

  @Test
  void sharedLimitOfWebhooks_delaysNoOtherChannelOrRoute() throws InterruptedException {
    Scenario scenario =
        Scenarios.sharedWebhook().toBuilder()
            .bucket("webhook-execute", Rate.fixed(50, Duration.ofSeconds(2)))
            .webhook("3", "20")
            .build();

    stage.measured(
        scenario,
        bot -> {
          var first = new ArrayList<Published>();
          for (int i = 0; i < 30; i++) {
            first.add(executeWebhook("1", Duration.ofSeconds(10)));
          }
          Stage.expectSuccess(first, 10);
          // Refused by Discord, and not again before the minute is over.
          executeWebhook("1", Duration.ofSeconds(3)).await(5);
          assertThat(executeWebhook("1", Duration.ofSeconds(2)).await(5).status())
              .isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
          var others = new ArrayList<Published>();
          for (int i = 0; i < 10; i++) {
            others.add(executeWebhook("3", Duration.ofSeconds(3)));
            others.add(publish(bot, "/channels/10"));
          }
          Stage.expectSuccess(others, 5);
        },
        seen -> {
          assertThat(seen.report().count(Decision.LIMITED_SHARED)).isEqualTo(1);
          assertThat(seen.report().limited()).isEqualTo(1);
        });
  }

  private Published rename(String bot, int number) {
    return stage
        .worker()
        .publish(
            edit(bot, "{\"name\":\"n" + number + "\"}").encode(),
            Map.of("timeout_at", RateLimitsIT.nanosFromNow(Duration.ofSeconds(5))));
  }

  private Published executeWebhook(String id, Duration timeout) {
    return stage
        .worker()
        .publish(
            Worker.post("/webhooks/" + id + "/secret-of-" + id)
                .withoutAuthorization()
                .json("{\"content\":\"1\"}")
                .encode(),
            Map.of("timeout_at", RateLimitsIT.nanosFromNow(timeout)));
  }

  private static Worker.Draft edit(String bot, String json) {
    return new Worker.Draft("PATCH", "/channels/1").header("Authorization", bot).json(json);
  }

  private Published publish(String bot, String path) {
    return stage.worker().publish(Worker.get(path).header("Authorization", bot));
  }
}
