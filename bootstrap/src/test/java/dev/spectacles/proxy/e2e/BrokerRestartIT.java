package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.amqp.NeedsRabbit;
import dev.spectacles.proxy.adapter.amqp.RabbitServer;
import dev.spectacles.proxy.adapter.amqp.RabbitServers;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.e2e.Worker.Draft;
import dev.spectacles.proxy.e2e.Worker.Published;
import dev.spectacles.proxy.simulator.scenario.Delays;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An instance and the broker die in the midst of it all; the broker comes back with its data. */
@Tag("redis")
@Tag("amqp")
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time, for windows to end
class BrokerRestartIT {
  private static final int REQUESTS = 48;
  private static final int CHANNELS = 4;

  /** Publishes a request. */
  private interface Publisher {
    Published publish(Draft draft) throws Exception;
  }

  /** Kills the broker and starts it again. */
  private interface Restart {
    void run() throws Exception;
  }

  @Test
  void redis_losesNothingAndNothingIsSentTwice() throws Exception {
    try (var redis =
            RedisServers.embedded().start("--appendonly", "yes", "--appendfsync", "always");
        var discord = SimulatorProcess.start(scenario());
        var worker = new Worker("redis://" + redis.url())) {
      Map<String, String> settings =
          ProxyProcess.settings("redis://" + redis.url(), discord.apiUrl());
      var requests =
          drill(
              "Redis",
              settings,
              discord,
              worker::publish,
              () -> {
                redis.kill();
                redis.startAgain();
              });
      requests.forEach(request -> assertThat(worker.answersTo(request)).isPositive());
    }
  }

  @Test
  @NeedsRabbit
  void rabbitMq_losesNothingAndNothingIsSentTwice() throws Exception {
    RabbitServer rabbit = RabbitServers.ours();
    String group = "e2e-" + UUID.randomUUID();
    var onTheWay = new AtomicInteger();
    try (var limits = RedisServers.embedded().start();
        var discord = SimulatorProcess.start(scenario());
        var worker = new AmqpWorker(rabbit.url(), group)) {
      var settings =
          new HashMap<>(ProxyProcess.settings("redis://" + limits.url(), discord.apiUrl()));
      settings.put("BROKER_TYPE", "amqp");
      settings.put("BROKER_GROUP", group);
      settings.put("AMQP_URL", rabbit.url());
      settings.put("RATELIMIT_STORE", "redis");
      var requests =
          drill(
              "RabbitMQ",
              settings,
              discord,
              worker::publish,
              () -> {
                rabbit.kill();
                onTheWay.set(sentAndNotAnswered(limits));
                rabbit.startAgain();
              });
      requests.forEach(request -> assertThat(worker.answersTo(request)).isPositive());
      int twice = requests.stream().mapToInt(worker::answersTo).sum() - REQUESTS;
      int unknown = 0;
      for (Published request : requests) {
        unknown += request.await(1) instanceof ProxyResponse.Failure ? 1 : 0;
      }
      System.out.printf(
          "RabbitMQ: %d sent and not known to be answered at the kill, %d answered twice%n",
          onTheWay.get(), twice);
      // What was answered and said so is never answered again, though its ack was lost.
      assertThat(unknown + twice).as("status 7, or twice").isLessThanOrEqualTo(onTheWay.get());
    }
  }

  /** Requests whose notes say that they were sent, and not yet that RabbitMQ has their answers. */
  private static int sentAndNotAnswered(RedisServers.Server limits) {
    var notes = (List<?>) limits.command("KEYS", "sp:1:sent:*");
    long answered =
        notes.stream().filter(note -> "answered".equals(limits.command("GET", note))).count();
    assertThat(answered).as("answered before the kill").isPositive();
    return notes.size() - (int) answered;
  }

  private static ArrayList<Published> drill(
      String broker,
      Map<String, String> settings,
      SimulatorProcess discord,
      Publisher publisher,
      Restart restart)
      throws Exception {
    var requests = new ArrayList<Published>();
    int unknown = 0;
    try (var victim = ProxyProcess.start(settings);
        var survivor = ProxyProcess.start(settings)) {
      for (int i = 0; i < REQUESTS; i++) {
        requests.add(
            publisher.publish(
                Worker.post("/channels/" + (1 + i % CHANNELS) + "/messages")
                    .nonce("nonce-" + i)
                    .json("{\"content\":\"hello\"}")));
      }
      requests.get(3 * CHANNELS).await(30);
      victim.kill();
      restart.run();

      for (Published request : requests) {
        switch (request.await(120)) {
          case ProxyResponse.Http http -> assertThat(http.code()).isEqualTo(200);
          case ProxyResponse.Failure failure -> {
            assertThat(failure.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
            unknown++;
          }
        }
      }
      assertThat(survivor.terminate(Duration.ofSeconds(20))).isZero();
    }
    System.out.printf(
        "kill -9 of one of two instances, %s restarted: %d of %d answered with status 7%n",
        broker, unknown, REQUESTS);
    // At the kill, each of the channels had at most one message on its way.
    assertThat(unknown).isLessThanOrEqualTo(CHANNELS);
    assertThat(discord.report().totals().duplicateNonces()).isZero();
    assertThat(discord.report().totals().repeatedNonces()).isZero();
    return requests;
  }

  private static Scenario scenario() {
    return Scenario.builder("broker-restart")
        .delays(Delays.reference())
        .route(Scenarios.CREATE_MESSAGE, "messages", Rate.sliding(5, Duration.ofSeconds(5)))
        .build();
  }
}
