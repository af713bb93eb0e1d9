package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.net.URI;
import java.util.List;

/** A running simulator, in this JVM or in another. Methods may be called from any thread. */
public interface Simulator extends AutoCloseable {

  /** Where its API is, with the scenario's root: {@code http://127.0.0.1:1234/api}. */
  URI apiUrl();

  Report report();

  /** All requests in order of arrival, up to the scenario's capacity. */
  List<LedgerEntry> ledger();

  /** Changes something from now on, in this order. A change that is refused ends it. */
  void script(Change... changes);

  /**
   * Lets the scenario's world do something so many times.
   *
   * @return events that are due, those of writes over its API too
   * @throws IllegalArgumentException if the scenario has no world
   */
  List<WorldEvent> move(LiveWorld.Move move, int times);

  /** Begins again with another scenario and nothing counted. */
  void reset(Scenario scenario);

  @Override
  void close();
}
