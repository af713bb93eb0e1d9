package dev.spectacles.proxy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Deadlines from each source towards an upstream that never answers (I19).
 *
 * <p>Asserted of 9 requests each: all get status 8, none more than 20 ms early, the median within
 * 100 ms after the deadline, and none more than 2 s after it, as two cores with five busy processes
 * can stand still. Time counts from before publishing.
 */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadlinesIT {
  private static final int REQUESTS = 9;
  private static final Duration CONFIGURED = Duration.ofSeconds(5);
  private static final Scenario SCENARIO =
      Scenarios.unlimited().toBuilder()
          .fault(FaultSpec.of("GET /channels/{channel_id}", FaultSpec.Kind.NO_ANSWER))
          .route("GET /slow", "slow", Rate.fixed(1, Duration.ofMinutes(5)))
          .build();

  private final AtomicInteger channels = new AtomicInteger(1_000);
  private Stage stage;

  private record Case(Optional<Duration> ofRequest, Optional<Duration> timeoutAt) {
    Duration deadline() {
      Duration shortest = CONFIGURED;
      for (var other : List.of(ofRequest, timeoutAt)) {
        if (other.isPresent() && other.get().compareTo(shortest) < 0) {
          shortest = other.get();
        }
      }
      return shortest;
    }
  }

  private record Sent(long start, CompletableFuture<Timed> answer) {}

  private record Timed(ProxyResponse response, long at) {}

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stage = new Stage(Map.of("TIMEOUT", "5s", "RATELIMIT_GLOBAL", "100000"));
    stage.discord().reset(SCENARIO);
    // The first timeouts of a young JVM measure its class loading.
    for (int round = 0; round < 3; round++) {
      var warmUp = new ArrayList<Sent>();
      for (int i = 0; i < 30; i++) {
        warmUp.add(sendToNobody(in(Duration.ofMillis(100))));
      }
      warmUp.forEach(sent -> sent.answer().join());
    }
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void shortestSource_decides() throws InterruptedException {
    var cases =
        List.of(
            new Case(Optional.empty(), Optional.empty()),
            ofRequest(Duration.ofMillis(50)),
            ofRequest(Duration.ofMillis(700)),
            ofRequest(Duration.ofSeconds(60)),
            in(Duration.ofMillis(50)),
            in(Duration.ofMillis(300)),
            in(Duration.ofSeconds(2)),
            in(Duration.ofHours(1)),
            new Case(Optional.of(Duration.ofMillis(400)), Optional.of(Duration.ofSeconds(3))),
            new Case(Optional.of(Duration.ofSeconds(3)), Optional.of(Duration.ofMillis(900))));
    var sent = new HashMap<Case, List<Sent>>();
    for (int i = 0; i < REQUESTS; i++) {
      for (Case deadline : cases) {
        sent.computeIfAbsent(deadline, any -> new ArrayList<>()).add(sendToNobody(deadline));
      }
      // All at once they would measure how fast a burst is published and read.
      Until.passes(Duration.ofMillis(75));
    }

    for (Case deadline : cases) {
      check(deadline, sent.get(deadline));
    }
  }

  @Test
  void waitThatIsSureToBeTooLong_isRefusedAtOnce() throws InterruptedException {
    Published first = stage.worker().publish(Worker.get("/slow"));
    assertThat(first.http(10).code()).isEqualTo(200);

    Sent late = send("/slow", ofRequest(Duration.ofSeconds(4)));

    Timed answer = late.answer().join();
    assertThat(answer.response().status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
    assertThat(Duration.ofNanos(answer.at() - late.start())).isLessThan(Duration.ofSeconds(2));
    assertThat(stage.discord().ledger().stream().filter(entry -> entry.path().endsWith("/slow")))
        .hasSize(1);
  }

  private static Case ofRequest(Duration timeout) {
    return new Case(Optional.of(timeout), Optional.empty());
  }

  private static Case in(Duration left) {
    return new Case(Optional.empty(), Optional.of(left));
  }

  private static void check(Case deadline, List<Sent> sent) {
    var late = new ArrayList<Long>();
    for (Sent request : sent) {
      Timed answer = request.answer().join();
      assertThat(answer.response().status())
          .as("%s", deadline)
          .isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
      Duration took = Duration.ofNanos(answer.at() - request.start());
      late.add(took.minus(deadline.deadline()).toMillis());
    }
    late.sort(null);
    System.out.printf(
        "deadline %s: late by %d ms (least), %d ms (median), %d ms (most)%n",
        deadline.deadline(), late.getFirst(), late.get(REQUESTS / 2), late.getLast());
    assertThat(late.getFirst()).as("%s, earliest", deadline).isGreaterThanOrEqualTo(-20);
    assertThat(late.get(REQUESTS / 2)).as("%s, median", deadline).isLessThanOrEqualTo(100);
    assertThat(late.getLast()).as("%s, latest", deadline).isLessThanOrEqualTo(2_000);
  }

  /** To a channel of its own, so that nothing but the upstream holds it up. */
  private Sent sendToNobody(Case deadline) {
    return send("/channels/" + channels.incrementAndGet(), deadline);
  }

  private Sent send(String path, Case deadline) {
    var request = new HashMap<String, Object>();
    request.put("method", "GET");
    request.put("path", path);
    request.put("headers", Map.of("Authorization", "Bot e2e"));
    // As Rust's Duration, in the form of a map and of an array.
    deadline
        .ofRequest()
        .ifPresent(
            timeout ->
                request.put(
                    "timeout",
                    path.hashCode() % 2 == 0
                        ? List.of(timeout.toSeconds(), timeout.toNanosPart())
                        : Map.of("secs", timeout.toSeconds(), "nanos", timeout.toNanosPart())));
    var fields = new HashMap<String, byte[]>();
    long start = System.nanoTime();
    Instant now = Instant.now();
    deadline.timeoutAt().ifPresent(left -> fields.put("timeout_at", nanos(now.plus(left))));
    Published published = stage.worker().publish(Packed.of(request), fields);
    return new Sent(
        start, published.answer().thenApply(response -> new Timed(response, System.nanoTime())));
  }

  private static byte[] nanos(Instant time) {
    return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano()).getBytes(UTF_8);
  }
}
