package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The simulator in a JVM of its own, so that pauses of the tested program do not distort it. */
public final class SimulatorProcess implements Simulator {
  private static final Duration START_DEADLINE = Duration.ofSeconds(20);

  private final ChildJvm child;
  private final ControlClient control;
  private final int port;
  private volatile String root;

  private SimulatorProcess(ChildJvm child, ControlClient control, int port, String root) {
    this.child = child;
    this.control = control;
    this.port = port;
    this.root = root;
  }

  /** Starts the process and waits until it listens. */
  public static SimulatorProcess start(Scenario scenario) throws InterruptedException {
    var child = ChildJvm.start(SimulatorMain.class, List.of("--scenario", "-"));
    try {
      child.send(scenario.toText() + SimulatorMain.END_OF_SCENARIO + "\n");
      var ready = ReadyLine.parse(child.awaitLine(SimulatorMain.READY, START_DEADLINE));
      var control = new ControlClient(URI.create("http://127.0.0.1:" + ready.controlPort()));
      return new SimulatorProcess(child, control, ready.port(), scenario.api().root());
    } catch (RuntimeException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  @Override
  public URI apiUrl() {
    return URI.create("http://127.0.0.1:" + port + root);
  }

  public long pid() {
    return child.pid();
  }

  @Override
  public Report report() {
    return Report.parse(control.get("/report"));
  }

  @Override
  public List<LedgerEntry> ledger() {
    return control
        .get("/ledger")
        .lines()
        .filter(line -> !line.isBlank())
        .map(LedgerEntry::parse)
        .toList();
  }

  @Override
  public void script(Change... changes) {
    control.post(
        "/script", Arrays.stream(changes).map(Change::toText).collect(Collectors.joining("\n")));
  }

  @Override
  public List<WorldEvent> move(LiveWorld.Move move, int times) {
    return control.post("/world", move + " " + times).lines().map(WorldEvent::parse).toList();
  }

  @Override
  public void reset(Scenario scenario) {
    control.post("/scenario", scenario.toText());
    root = scenario.api().root();
  }

  /** What the process wrote to its standard error, for a test's failure message. */
  public String errorOutput() {
    return child.errorOutput();
  }

  @Override
  public void close() {
    control.close();
    child.close();
  }

  /** The ports in the line the process prints when it listens. */
  private record ReadyLine(int port, int controlPort) {
    static ReadyLine parse(String line) {
      var ports = line.substring(SimulatorMain.READY.length()).strip().split("[ =]");
      return new ReadyLine(Integer.parseInt(ports[1]), Integer.parseInt(ports[3]));
    }
  }
}
