package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.model.InteractionToken;
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
            sent.add(stage.publishMessage(bot, "1", i));
          }
          Stage.expectSuccess(sent, 60);
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
            sent.add(stage.publishMessage(bot, Integer.toString(1 + i % 60), i));
          }
          Stage.expectSuccess(sent, 60);
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
            .route(GET_MESSAGE, "message", Rate.fixed(2, Duration.ofSeconds(4)))
            .build();

    stage.measured(
        scenario,
        bot -> {
          var busy = new ArrayList<Published>();
          for (int i = 0; i < 6; i++) {
            busy.add(publish(bot, "/channels/1/messages/" + (100 + i)));
          }
          // Which of them comes first is open: each instance takes some.
          Stage.expectAny(busy, 10);
          publish(bot + "-other", "/channels/1/messages/7").http(2);
          publish(bot, "/channels/2/messages/7").http(2);
          Stage.expectSuccess(busy, 40);
        },
        seen -> {
          assertThat(seen.report().limited()).isZero();
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
          Stage.expectSuccess(busy, 30);
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
            .route(GET_MESSAGE, "message", Rate.fixed(2, FIVE_SECONDS))
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

  private Published publish(String bot, String path) {
    return stage.worker().publish(Worker.get(path).header("Authorization", bot));
  }
}
