package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the death of an instance costs. */
@Tag("redis")
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time, for windows to end
class CrashIT {
  private EmbeddedRedis redis;
  private SimulatorProcess discord;
  private Worker worker;
  private Map<String, String> settings;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord =
        SimulatorProcess.start(
            Scenario.builder("crash")
                .delays(Delays.reference())
                .route(Scenarios.CREATE_MESSAGE, "messages", Rate.sliding(5, Duration.ofSeconds(5)))
                .build());
    worker = new Worker(redis.url());
    settings = ProxyProcess.settings(redis.url(), discord.apiUrl());
  }

  @AfterEach
  void stop() {
    worker.close();
    discord.close();
    redis.close();
  }

  @Test
  void killedInstance_losesNoWaitingRequestAndSendsNoneTwice() throws InterruptedException {
    var requests = new ArrayList<Published>();
    var nonces = new ArrayList<String>();
    int unknown = 0;
    try (var victim = ProxyProcess.start(settings);
        var survivor = ProxyProcess.start(settings)) {
      for (int i = 0; i < 60; i++) {
        nonces.add("nonce-" + i);
        requests.add(
            worker.publish(
                Worker.post("/channels/" + (1 + i % 4) + "/messages")
                    .nonce(nonces.getLast())
                    .json("{\"content\":\"hello\"}")));
      }
      requests.get(8).await(20);
      victim.kill();

      for (Published request : requests) {
        switch (request.await(90)) {
          case ProxyResponse.Http http -> assertThat(http.code()).isEqualTo(200);
          case ProxyResponse.Failure failure -> {
            assertThat(failure.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
            unknown++;
          }
        }
      }
      assertThat(survivor.terminate(Duration.ofSeconds(15))).isZero();
    }
    // At the kill, each of the four channels had at most one message on its way.
    System.out.printf("kill -9 with requests waiting: %d of 60 answered with status 7%n", unknown);
    assertThat(unknown).isLessThanOrEqualTo(4);
    assertThat(discord.report().totals().duplicateNonces()).isZero();
    assertThat(discord.report().totals().repeatedNonces()).isZero();
    Set<String> arrived = new HashSet<>();
    discord.ledger().forEach(entry -> arrived.add(entry.origin().nonce()));
    assertThat(60 - arrived.size()).as("requests that never arrived").isLessThanOrEqualTo(unknown);
    requests.forEach(request -> assertThat(worker.answersTo(request)).isPositive());
  }

  @Test
  void oldRequests_areAnsweredAndNotSent() throws InterruptedException {
    var old = new ArrayList<Published>();
    for (int i = 0; i < 20; i++) {
      old.add(
          worker.publishAs(
              (1_600_000_000_000L + i) + "-0", Worker.post("/channels/1/messages").json("{}")));
    }
    try (var proxy = ProxyProcess.start(settings)) {
      for (Published request : old) {
        assertThat(request.await(20).status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
      }
      assertThat(worker.publish(Worker.get("/gateway")).http(10).code()).isEqualTo(200);
      assertThat(discord.report().accepted()).isEqualTo(1);
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  @Test
  void sigterm_finishesWhatIsInFlight_andLeavesTheRest() throws InterruptedException {
    var requests = new ArrayList<Published>();
    try (var first = ProxyProcess.start(settings)) {
      for (int i = 0; i < 15; i++) {
        requests.add(
            worker.publish(
                Worker.post("/channels/1/messages").nonce("n" + i).json("{\"content\":\"x\"}")));
      }
      requests.get(2).await(20);
      assertThat(first.terminate(Duration.ofSeconds(20))).as(first.output()).isZero();
    }
    try (var second = ProxyProcess.start(settings)) {
      for (Published request : requests) {
        assertThat(request.http(90).code()).isEqualTo(200);
      }
      assertThat(second.terminate(Duration.ofSeconds(15))).isZero();
    }
    assertThat(discord.report().totals().repeatedNonces()).isZero();
    assertThat(discord.report().limited()).isLessThanOrEqualTo(5);
  }
}
