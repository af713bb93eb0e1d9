package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis, a simulated Discord, a proxy between them and a worker, each a process of its own but
 * one.
 */
final class Stage implements AutoCloseable {
  private static final int MOST_RUNS = 3;

  private final AtomicInteger tokens = new AtomicInteger();
  private final EmbeddedRedis redis;
  private final SimulatorProcess discord;
  private final Worker worker;
  private final ProxyProcess proxy;

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

  Stage(Map<String, String> settings) throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord = SimulatorProcess.start(Scenarios.unlimited());
    worker = new Worker(redis.url());
    var all = ProxyProcess.settings(redis.url(), discord.apiUrl());
    all.putAll(settings);
    proxy = ProxyProcess.start(all);
  }

  Worker worker() {
    return worker;
  }

  SimulatorProcess discord() {
    return discord;
  }

  ProxyProcess proxy() {
    return proxy;
  }

  /** Runs the load; again if the simulator stood still meanwhile, which is said (DECISIONS 33). */
  Seen measured(Scenario scenario, Load load) throws InterruptedException {
    for (int run = 1; ; run++) {
      discord.reset(scenario);
      load.run("Bot e2e-" + tokens.incrementAndGet());
      var seen = new Seen(discord.report(), discord.ledger());
      if (!seen.report().stalled()) {
        return seen;
      }
      System.out.printf(
          "%s: the simulator stood still for up to %d ms, run %d of %d%n",
          scenario.name(), seen.report().longestStallMicros() / 1_000, run, MOST_RUNS);
      if (run == MOST_RUNS) {
        return seen;
      }
    }
  }

  @Override
  public void close() {
    proxy.close();
    worker.close();
    discord.close();
    redis.close();
  }
}
