package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.e2e.MixedLimits.Saturated;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenarios;
import dev.spectacles.proxy.simulator.server.SimulatorProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A fleet, a simulated Discord and a worker, each a process of its own but one. */
final class FleetStage implements AutoCloseable {
  private static final int MOST_RUNS = 3;
  private static final Duration ANSWERS = Duration.ofSeconds(60);

  private final AtomicInteger runs = new AtomicInteger();
  private final SimulatorProcess discord;
  private final Worker worker;
  private final Fleet fleet;
  private int wanted;

  /** What happens to the fleet while its crowd waits. Returns when the run is over. */
  interface Drill {
    void run(Crowd crowd) throws Exception;
  }

  /**
   * Without instances yet.
   *
   * @param fleetRedis address by which the instances reach Redis
   * @param workerRedis address by which the worker does
   */
  FleetStage(String fleetRedis, String workerRedis, Map<String, String> settings)
      throws InterruptedException {
    discord = SimulatorProcess.start(Scenarios.unlimited());
    worker = new Worker(workerRedis);
    var all = ProxyProcess.settings(fleetRedis, discord.apiUrl());
    all.putAll(settings);
    fleet = new Fleet(all, MixedLimits.configuration());
  }

  Fleet fleet() {
    return fleet;
  }

  SimulatorProcess discord() {
    return discord;
  }

  Worker worker() {
    return worker;
  }

  /** Has so many instances, each of which has served enough to be quick. */
  void instances(int count) throws InterruptedException {
    wanted = count;
    int before = fleet.size();
    fleet.scaleTo(count);
    if (count > before) {
      discord.reset(Scenarios.unlimited());
      Fleet.warmUp(worker, "run-" + runs.get());
    }
  }

  /** Notes this moment in the simulator's ledger. */
  void mark(String name) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create(discord.apiUrl() + "/v10" + Traffic.MARKS + name).toURL().openConnection();
    connection.setRequestProperty("User-Agent", "DiscordBot (https://example.org, 1.0)");
    connection.setRequestProperty("Authorization", "Bot marks");
    if (connection.getResponseCode() != 200) {
      throw new IOException("mark " + name + ": status " + connection.getResponseCode());
    }
    connection.disconnect();
  }

  /**
   * Saturates these buckets and the global limit, and checks what was seen of it; again, twice at
   * most, if that fails and the simulator or an instance stood still meanwhile (DECISIONS 33).
   */
  void measured(
      String name,
      List<Saturated> buckets,
      RateModel globalModel,
      Drill drill,
      Consumer<Traffic> checks)
      throws Exception {
    for (int run = 1; ; run++) {
      Traffic traffic = saturated(name, buckets, MixedLimits.CHANNELS, globalModel, drill);
      if (traffic.stalled()) {
        System.out.printf(
            "%s: in run %d of %d the simulator stood still for up to %d ms, an instance for %d"
                + " ms%n",
            name,
            run,
            MOST_RUNS,
            traffic.report().longestStallMicros() / 1_000,
            traffic.longestStall().toMillis());
      }
      // No stall excuses that.
      assertThat(traffic.answers().unanswered()).as("requests without an answer").isZero();
      try {
        checks.accept(traffic);
        return;
      } catch (AssertionError e) {
        keep(name + "-" + run, traffic);
        if (!traffic.stalled() || run == MOST_RUNS) {
          throw e;
        }
        System.out.println(name + ": repeated, as the machine was busy: " + e.getMessage());
      }
    }
  }

  /** Saturates these buckets, and the global limit by so many channels, and says what was seen. */
  Traffic saturated(
      String name, List<Saturated> buckets, int channels, RateModel globalModel, Drill drill)
      throws Exception {
    var limits = MixedLimits.ofRun(runs.incrementAndGet(), buckets, channels, globalModel);
    instances(wanted);
    discord.reset(limits.scenario(name));
    try (var crowd = new Crowd(worker, limits.lines(fleet.size()));
        var stalls = new StallWatch(fleet::pids)) {
      mark(Traffic.BEGIN);
      crowd.start();
      drill.run(crowd);
      mark(Traffic.END);
      Report report = discord.report();
      List<LedgerEntry> ledger = discord.ledger();
      discord.script(limits.lifted());
      Duration longestStall = stalls.longest();
      return new Traffic(report, ledger, crowd.finish(ANSWERS), longestStall);
    }
  }

  /** A failure can only be understood from the ledger of its run. */
  private static void keep(String name, Traffic traffic) throws IOException {
    Path file = Path.of("target", "failed-runs", name.replaceAll("\\W+", "-") + ".txt");
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        Stream.concat(
                traffic.report().toText().lines(),
                traffic.ledger().stream().map(LedgerEntry::toText))
            .toList());
    System.out.println("ledger: " + file);
  }

  @Override
  public void close() {
    fleet.close();
    worker.close();
    discord.close();
  }
}
