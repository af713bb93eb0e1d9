package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.model.DelaySampler;
import dev.spectacles.proxy.simulator.model.SimAnswer;
import dev.spectacles.proxy.simulator.model.SimRequest;
import dev.spectacles.proxy.simulator.model.SimulatedDiscord;
import dev.spectacles.proxy.simulator.oracle.LedgerEntry;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Change;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import dev.spectacles.proxy.simulator.world.LiveWorld;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The model run in real time for many threads, one request after the other. */
final class LiveDiscord {
  private final MonotonicClock clock;
  private final StallDetector stalls;
  private final ReentrantLock lock = new ReentrantLock();
  private Run run;

  /** A scenario in progress; a request stays with the run it was received in. */
  record Run(Scenario scenario, SimulatedDiscord discord, DelaySampler delays) {}

  /** A request on its way to Discord. */
  record Received(Run run, DelaySampler.Drawn delays) {}

  LiveDiscord(Scenario scenario, MonotonicClock clock, StallDetector stalls) {
    this.clock = clock;
    this.stalls = stalls;
    run = newRun(scenario);
  }

  Received received() {
    return locked(() -> new Received(run, run.delays().next()));
  }

  /** The answer to a request that arrives at Discord now. */
  SimAnswer arrive(Received received, SimRequest request, long receivedMicros) {
    // The time is read under the lock, so that it does not go back from one request to the next.
    return locked(() -> received.run().discord().arrive(request, receivedMicros, clock.micros()));
  }

  void answered(Received received, SimAnswer answer) {
    lock.lock();
    try {
      received.run().discord().answered(answer);
    } finally {
      lock.unlock();
    }
  }

  void apply(List<Change> changes) {
    lock.lock();
    try {
      changes.forEach(change -> run.discord().apply(change, clock.micros()));
    } finally {
      lock.unlock();
    }
  }

  /** Begins again with nothing counted. */
  void reset(Scenario scenario) {
    lock.lock();
    try {
      run = newRun(scenario);
      stalls.clear();
    } finally {
      lock.unlock();
    }
  }

  Scenario scenario() {
    return locked(() -> run.scenario());
  }

  List<LedgerEntry> ledger() {
    return locked(() -> run.discord().ledger());
  }

  List<WorldEvent> move(LiveWorld.Move move, int times) {
    return locked(() -> run.discord().move(move, times));
  }

  Report report() {
    return locked(() -> run.discord().snapshot(stalls.stalls())).report();
  }

  private Run newRun(Scenario scenario) {
    var discord = new SimulatedDiscord(scenario, clock.micros(), System.currentTimeMillis());
    return new Run(scenario, discord, new DelaySampler(scenario.delays(), scenario.seed()));
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
