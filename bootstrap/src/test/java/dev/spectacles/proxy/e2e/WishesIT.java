package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.TokenSpec;
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

/** What callers ask of the limiter, and what they hear of it when it sends nothing. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WishesIT {
  private static final String GET_MESSAGE = "GET /channels/{channel_id}/messages/{message_id}";
  private static final String MESSAGE = "/channels/1/messages/";
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAUTHORIZED = 401;

  private Stage stage;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of());
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void highPriority_overtakesInASaturatedBucket_lowComesLast() throws InterruptedException {
    int limit = 3;
    int firstHigh = 100;
    int firstLow = 200;

    stage.measured(
        limited(Rate.fixed(limit, Duration.ofSeconds(1))),
        bot -> {
          var sent = new ArrayList<Published>();
          sent.add(publish(bot, 0, "normal"));
          sent.getFirst().http(5);
          for (int i = 0; i < 4; i++) {
            sent.add(publish(bot, firstLow + i, "low"));
          }
          for (int i = 1; i <= 12; i++) {
            sent.add(publish(bot, i, "normal"));
          }
          // When it is granted again, what follows is in line already.
          sent.get(5).http(5);
          for (int i = 0; i < limit; i++) {
            sent.add(publish(bot, firstHigh + i, "high"));
          }
          for (Published request : sent) {
            assertThat(request.http(20).code()).isEqualTo(200);
          }
        },
        seen -> {
          List<Long> order =
              seen.ledger().stream().map(entry -> entry.origin().clientSequence()).toList();
          int lastHigh = last(order, firstHigh, firstLow);
          int lastNormal = last(order, 0, firstHigh);
          assertThat(order.subList(0, lastHigh))
              .as("%s: normal ones before the last of high priority", order)
              .filteredOn(number -> number > 0 && number < firstHigh)
              .hasSizeLessThanOrEqualTo(3 * limit);
          assertThat(last(order, firstLow, Integer.MAX_VALUE)).isGreaterThan(lastNormal);
          assertThat(seen.report().limited()).isZero();
        });
  }

  @Test
  void longerWaitThanWanted_isRefusedAtOnceInDiscordsForm() throws InterruptedException {
    stage.measured(
        limited(Rate.fixed(1, Duration.ofSeconds(5))),
        bot -> {
          publish(bot, 1, "normal").http(5);
          long start = System.nanoTime();
          ProxyResponse.Http refused =
              stage
                  .worker()
                  .publish(draft(bot, 2, "normal").header("X-Spectacles-Max-Wait", "1s"))
                  .http(5);
          assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
          assertThat(refused.code()).isEqualTo(TOO_MANY_REQUESTS);
          assertMadeByProxy(refused);
          assertThat(refused.body().utf8()).contains("\"retry_after\"");
          ProxyResponse.Http patient =
              stage
                  .worker()
                  .publish(draft(bot, 3, "normal").header("X-Spectacles-Max-Wait", "8s"))
                  .http(15);
          assertThat(patient.code()).isEqualTo(200);
        },
        seen -> {
          assertThat(seen.ledger())
              .extracting(entry -> entry.origin().clientSequence())
              .containsExactly(1L, 3L);
          assertThat(seen.report().limited()).isZero();
        });
  }

  @Test
  void revokedToken_isRefusedAfterTwoAnswersOfDiscord_andItsOwnerHearsSo()
      throws InterruptedException {
    Scenario scenario = Scenario.builder("revoked").delays(Delays.reference()).build();

    stage.measured(
        scenario,
        bot -> {
          assertThat(publish(bot, 0, "normal").http(5).code()).isEqualTo(200);
          stage.discord().script(new Change.SetToken(bot, TokenSpec.State.REVOKED));
          var one = publish(bot, 1, "normal").http(5);
          var confirmed = publish(bot, 2, "normal").http(5);
          assertThat(List.of(one.code(), confirmed.code())).containsOnly(UNAUTHORIZED);
          for (int i = 3; i < 33; i++) {
            ProxyResponse.Http refused = publish(bot, i, "normal").http(5);
            assertThat(refused.code()).isEqualTo(UNAUTHORIZED);
            assertMadeByProxy(refused);
          }
          assertThat(publish(bot + "-other", 99, "normal").http(5).code()).isEqualTo(200);
        },
        seen -> assertThat(seen.report().count(Decision.UNAUTHORIZED)).isEqualTo(2));
  }

  private static Scenario limited(Rate rate) {
    return Scenario.builder("wishes")
        .delays(Delays.reference())
        .route(GET_MESSAGE, "message", rate)
        .build();
  }

  /** Place of the last one with a number in this range. */
  private static int last(List<Long> order, int from, int to) {
    int last = -1;
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) >= from && order.get(i) < to) {
        last = i;
      }
    }
    return last;
  }

  private static void assertMadeByProxy(ProxyResponse.Http answer) {
    assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
  }

  private Published publish(String bot, int number, String priority) {
    return stage.worker().publish(draft(bot, number, priority));
  }

  private static Worker.Draft draft(String bot, int number, String priority) {
    return Worker.get(MESSAGE + (1_000 + number))
        .header("Authorization", bot)
        .header("X-Spectacles-Priority", priority)
        .sequence(number);
  }
}
