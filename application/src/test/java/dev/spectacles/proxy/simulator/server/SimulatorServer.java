package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.net.URI;
import java.util.List;

/**
 * The simulator in this JVM: quick to start, but it shares heap, garbage collector and processors
 * with what it tests. Measure with {@link SimulatorProcess}.
 */
public final class SimulatorServer implements Simulator {
  private final StallDetector stalls;
  private final LiveDiscord discord;
  private final HttpListener api;
  private final HttpListener control;

  private SimulatorServer(Scenario scenario, int port, int controlPort) {
    var clock = new MonotonicClock();
    stalls = new StallDetector(clock);
    discord = new LiveDiscord(scenario, clock, stalls);
    api = HttpListener.start(port, "api", new ApiHandler(discord, clock, stalls), clock);
    control = HttpListener.start(controlPort, "control", new ControlHandler(discord), clock);
  }

  /** Starts on free ports. */
  public static SimulatorServer start(Scenario scenario) {
    return start(scenario, 0, 0);
  }

  /** Starts on these ports; 0 stands for any free one. */
  public static SimulatorServer start(Scenario scenario, int port, int controlPort) {
    return new SimulatorServer(scenario, port, controlPort);
  }

  @Override
  public URI apiUrl() {
    return URI.create("http://127.0.0.1:" + api.port() + discord.scenario().api().root());
  }

  /** Where the control port is; see {@link ControlHandler}. */
  public URI controlUrl() {
    return URI.create("http://127.0.0.1:" + control.port());
  }

  @Override
  public Report report() {
    return discord.report();
  }

  @Override
  public List<LedgerEntry> ledger() {
    return discord.ledger();
  }

  @Override
  public void script(Change... changes) {
    discord.apply(List.of(changes));
  }

  @Override
  public List<WorldEvent> move(LiveWorld.Move move, int times) {
    return discord.move(move, times);
  }

  @Override
  public void reset(Scenario scenario) {
    discord.reset(scenario);
  }

  @Override
  public void close() {
    api.close();
    control.close();
    stalls.close();
  }
}
