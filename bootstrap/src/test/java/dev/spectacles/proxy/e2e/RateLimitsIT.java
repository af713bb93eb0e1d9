package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.model.InteractionToken;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limiter's promises with real time, sockets and processes, two instances. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitsIT {
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static final String GET_MESSAGE = "GET /channels/{channel_id}/messages/{message_id}";

  /**
   * Longest round trip of {@link Delays#reference}, with some for loopback and the two processes.
   */
  private static final Duration ROUND_TRIP = Duration.ofMillis(130);

  private Stage stage;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of(), 2);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"FIXED", "SLIDING"})
  void twentyMessagesToOneChannel_inOrderAndInTime(RateModel model) throws InterruptedException {
    Scenario scenario =
        Scenario.builder("twenty-messages")
            .delays(Delays.reference())
            .route(Scenarios.CREATE_MESSAGE, "messages", new Rate(5, FIVE_SECONDS, model))
            .build();

    stage.measured(
        scenario,
        bot -> {
          var sent = new ArrayList<Published>();
          for (int i = 0; i < 20; i++) {
            sent.add(publishMessage(bot, "1", i));
          }
          expectSuccess(sent, 60);
        },
        seen -> {
          assertThat(seen.report().limited()).isZero();
          assertThat(seen.report().accepted()).isEqualTo(20);
          assertThat(seen.report().sendOrderViolations()).isZero();
          Duration ideal = Duration.ofSeconds(15);
          int windows = 4;
          assertThat(seen.span())
              .isLessThanOrEqualTo(
                  ideal.plus(ideal.dividedBy(20)).plus(ROUND_TRIP.multipliedBy(windows)));
          System.out.printf("20 messages, 5 per 5 s %s: %s, ideal 15 s%n", model, seen.span());
        });
  }

  @Test
  void threeHundredRequestsOverSixtyChannels_useTheGlobalLimit() throws InterruptedException {
    Scenario scenario =
        Scenario.builder("sixty-channels")
            .delays(Delays.reference())
            .global(50, RateModel.FIXED)
            .route(Scenarios.CREATE_MESSAGE, "messages", Rate.sliding(5, FIVE_SECONDS))
            .build();
    var elapsed = new ArrayList<Duration>();

    stage.measured(
        scenario,
        bot -> {
          long start = System.nanoTime();
          var sent = new ArrayList<Published>();
          for (int i = 0; i < 300; i++) {
            sent.add(publishMessage(bot, Integer.toString(1 + i % 60), i));
          }
          expectSuccess(sent, 60);
          elapsed.add(Duration.ofNanos(System.nanoTime() - start));
        },
        seen -> {
          assertThat(seen.report().limited()).isZero();
          assertThat(seen.report().accepted()).isEqualTo(300);
          double perSecond = 300 / (elapsed.getLast().toMillis() / 1e3);
          System.out.printf("300 requests over 60 channels: %.1f per second%n", perSecond);
          assertThat(perSecond).isGreaterThanOrEqualTo(0.94 * 50);
        });
  }

  @Test
  void exhaustedBucketOfOneBot_leavesAnotherAlone() throws InterruptedException {
    Scenario scenario =
        Scenario.builder("two-bots")
            .route(GET_MESSAGE, "message", Rate.fixed(2, Duration.ofSeconds(10)))
            .build();

    stage.measured(
        scenario,
        bot -> {
          var busy = new ArrayList<Published>();
          for (int i = 0; i < 6; i++) {
            busy.add(publish(bot, "/channels/1/messages/" + (100 + i)));
          }
          busy.getFirst().http(10);
          publish(bot + "-other", "/channels/1/messages/7").http(2);
          publish(bot, "/channels/2/messages/7").http(2);
          expectSuccess(busy, 40);
        },
        seen -> {
          assertThat(seen.report().limited()).isZero();
        });
  }

  @Test
  void routesOfOneHash_shareItsBudget_untilTheySplit() throws InterruptedException {
    stage.measured(
        Scenarios.hashSplit(),
        bot -> {
          var sent = new ArrayList<Published>();
          for (int i = 0; i < 45; i++) {
            sent.add(publishMessage(bot, "1", i));
            sent.add(
                stage
                    .worker()
                    .publish(
                        new Worker.Draft("PATCH", "/channels/1/messages/5")
                            .header("Authorization", bot)
                            .json("{}")));
          }
          expectSuccess(sent, 60);
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
          expectSuccess(sent, 60);
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
          expectSuccess(edits, 10);
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
          expectSuccess(first, 10);
          // Refused by Discord, and not again before the minute is over.
          executeWebhook("1", Duration.ofSeconds(3)).await(5);
          assertThat(executeWebhook("1", Duration.ofSeconds(2)).await(5).status())
              .isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
          var others = new ArrayList<Published>();
          for (int i = 0; i < 10; i++) {
            others.add(executeWebhook("3", Duration.ofSeconds(3)));
            others.add(publish(bot, "/channels/10"));
          }
          expectSuccess(others, 5);
        },
        seen -> {
          assertThat(seen.report().count(Decision.LIMITED_SHARED)).isEqualTo(1);
          assertThat(seen.report().limited()).isEqualTo(1);
        });
  }

  @Test
  void interactionCallback_goesOutAtOnceWithoutCredentials() throws InterruptedException {
    Scenario scenario = Scenario.builder("callback").global(50, RateModel.FIXED).build();
    var waits = new ArrayList<Duration>();

    stage.measured(
        scenario,
        bot -> {
          waits.clear();
          var busy = new ArrayList<Published>();
          for (int i = 0; i < 200; i++) {
            busy.add(publish(bot, "/channels/" + i));
          }
          busy.get(20).http(10);
          for (int i = 0; i < 20; i++) {
            String token = InteractionToken.of("90000000000000000" + i, "random");
            long start = System.nanoTime();
            Published callback =
                stage
                    .worker()
                    .publish(
                        Worker.post(
                                "/interactions/90000000000000000" + i + "/" + token + "/callback")
                            .header("Authorization", bot)
                            .json("{\"type\":1}"));
            callback.http(3);
            waits.add(Duration.ofNanos(System.nanoTime() - start));
          }
          expectSuccess(busy, 30);
        },
        seen -> {
          assertThat(seen.report().totals().authorizedInteractions()).isZero();
          assertThat(seen.report().limited()).isZero();
          List<Duration> sorted = waits.stream().sorted().toList();
          System.out.printf(
              "callback while the global limit is used up: median %s%n", sorted.get(10));
          assertThat(sorted.get(10)).isLessThan(Duration.ofMillis(50));
        });
  }

  @Test
  void waitKnownToBeTooLong_isRefusedAtOnce_andShortDeadlinesAreKept() throws InterruptedException {
    Scenario scenario =
        Scenario.builder("deadlines")
            .route(GET_MESSAGE, "message", Rate.fixed(2, Duration.ofSeconds(10)))
            .build();
    stage.measured(
        scenario,
        bot -> {
          publish(bot, "/channels/1/messages/1").http(10);
          publish(bot, "/channels/1/messages/2").http(10);
          long start = System.nanoTime();
          ProxyResponse answer =
              stage
                  .worker()
                  .publish(
                      Worker.get("/channels/1/messages/3").header("Authorization", bot).encode(),
                      Map.of("timeout_at", nanosFromNow(Duration.ofSeconds(3))))
                  .await(5);
          Duration waited = Duration.ofNanos(System.nanoTime() - start);
          assertThat(answer.status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
          assertThat(waited).as("refused before its deadline").isLessThan(Duration.ofSeconds(2));
          // The bucket is not held up by the one that gave up.
          publish(bot, "/channels/1/messages/4").http(15);
        },
        seen -> assertThat(seen.report().limited()).isZero());
  }

  static byte[] nanosFromNow(Duration duration) {
    long millis = System.currentTimeMillis() + duration.toMillis();
    return (millis + "000000").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private Published rename(String bot, int number) {
    return stage
        .worker()
        .publish(
            edit(bot, "{\"name\":\"n" + number + "\"}").encode(),
            Map.of("timeout_at", nanosFromNow(Duration.ofSeconds(5))));
  }

  private Published executeWebhook(String id, Duration timeout) {
    return stage
        .worker()
        .publish(
            Worker.post("/webhooks/" + id + "/secret-of-" + id)
                .withoutAuthorization()
                .json("{\"content\":\"1\"}")
                .encode(),
            Map.of("timeout_at", nanosFromNow(timeout)));
  }

  private static Worker.Draft edit(String bot, String json) {
    return new Worker.Draft("PATCH", "/channels/1").header("Authorization", bot).json(json);
  }

  private Published publish(String bot, String path) {
    return stage.worker().publish(Worker.get(path).header("Authorization", bot));
  }

  private Published publishMessage(String bot, String channel, int number) {
    return stage
        .worker()
        .publish(
            Worker.post("/channels/" + channel + "/messages")
                .header("Authorization", bot)
                .sequence(number)
                .json("{\"content\":\"" + number + "\"}"));
  }

  private static void expectSuccess(List<Published> sent, long seconds)
      throws InterruptedException {
    for (Published request : sent) {
      assertThat(request.http(seconds).code()).isBetween(200, 299);
    }
  }
}
