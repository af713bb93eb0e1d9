package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A Redis, a simulated Discord, one or more proxies between them and a worker, each a process of
 * its own but one.
 */
final class Stage implements AutoCloseable {
  private static final int MOST_RUNS = 3;

  private final AtomicInteger tokens = new AtomicInteger();
  private final EmbeddedRedis redis;
  private final SimulatorProcess discord;
  private final Worker worker;
  private final Fleet fleet;

  /** What the simulator saw of a load. */
  record Seen(Report report, List<LedgerEntry> ledger) {
    /** Time from the first to the last request that was carried out. */
    Duration span() {
      var arrivals =
          ledger.stream()
              .filter(entry -> entry.decision().counted())
              .mapToLong(LedgerEntry::arrivalMicros)
              .summaryStatistics();
      return Duration.ofNanos((arrivals.getMax() - arrivals.getMin()) * 1_000);
    }
  }

  /** Requests of one bot, whose limits nobody else has used. */
  interface Load {
    void run(String authorization) throws InterruptedException;
  }

  /** With one proxy. */
  Stage(Map<String, String> settings) throws IOException, InterruptedException {
    this(settings, 1);
  }

  Stage(Map<String, String> settings, int instances) throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord = SimulatorProcess.start(Scenarios.unlimited());
    worker = new Worker(redis.url());
    var all = ProxyProcess.settings(redis.url(), discord.apiUrl());
    all.putAll(settings);
    fleet = new Fleet(all, "");
    boolean ready = false;
    try {
      fleet.scaleTo(instances);
      Fleet.warmUp(worker, "stage");
      ready = true;
    } finally {
      if (!ready) {
        close();
      }
    }
  }

  Worker worker() {
    return worker;
  }

  String redisUrl() {
    return redis.url();
  }

  /** Plain connection to Redis. */
  RespConnection redis() throws IOException {
    return new RespConnection(URI.create(redis.url()).getPort());
  }

  SimulatorProcess discord() {
    return discord;
  }

  /**
   * Runs the load and checks what the simulator saw; again if that fails and the simulator or an
   * instance stood still meanwhile (DECISIONS 33). Every stall is printed: on two cores, four busy
   * processes make for some in almost any run.
   */
  void measured(Scenario scenario, Load load, Consumer<Seen> checks) throws InterruptedException {
    for (int run = 1; ; run++) {
      discord.reset(scenario);
      Duration longestStall;
      try (var stalls = new StallWatch(fleet::pids)) {
        load.run("Bot e2e-" + tokens.incrementAndGet());
        longestStall = stalls.longest();
      }
      var seen = new Seen(discord.report(), discord.ledger());
      boolean stalled = seen.report().stalled() || longestStall.compareTo(StallWatch.LONG) >= 0;
      if (stalled) {
        System.out.printf(
            "%s: in run %d of %d the simulator stood still for up to %d ms, an instance for %d"
                + " ms%n",
            scenario.name(),
            run,
            MOST_RUNS,
            seen.report().longestStallMicros() / 1_000,
            longestStall.toMillis());
      }
      try {
        checks.accept(seen);
        return;
      } catch (AssertionError e) {
        if (!stalled || run == MOST_RUNS) {
          throw e;
        }
        System.out.println(
            scenario.name() + ": repeated, as the machine was busy: " + e.getMessage());
      }
    }
  }

  /** Has a bot write to a channel; the simulator checks the order of the numbers. */
  Worker.Published publishMessage(String bot, String channel, int number) {
    return worker.publish(
        Worker.post("/channels/" + channel + "/messages")
            .header("Authorization", bot)
            .sequence(number)
            .json("{\"content\":\"" + number + "\"}"));
  }

  static void expectSuccess(List<Worker.Published> sent, long seconds) throws InterruptedException {
    for (Worker.Published request : sent) {
      assertThat(request.http(seconds).code()).isBetween(200, 299);
    }
  }

  /** Waits for the first answer to any of them. */
  static void expectAny(List<Worker.Published> sent, long seconds) {
    CompletableFuture<?>[] answers =
        sent.stream().map(Worker.Published::answer).toArray(CompletableFuture<?>[]::new);
    assertThat(CompletableFuture.anyOf(answers)).succeedsWithin(Duration.ofSeconds(seconds));
  }

  @Override
  public void close() {
    fleet.close();
    worker.close();
    discord.close();
    redis.close();
  }
}
