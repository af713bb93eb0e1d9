package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.Durations;
import dev.spectacles.proxy.simulator.scenario.ScriptStep;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Carries out a scenario's changes when their time has come, counted from the first request. */
final class Script {
  private final Deque<ScriptStep> steps;
  private long firstArrival = -1;

  Script(List<ScriptStep> steps) {
    this.steps =
        new ArrayDeque<>(steps.stream().sorted(Comparator.comparing(ScriptStep::at)).toList());
  }

  /** Applies what is due. A change takes effect at its own time, not at this arrival's. */
  void advance(Changes changes, long nowMicros) {
    firstArrival = firstArrival < 0 ? nowMicros : firstArrival;
    while (!steps.isEmpty() && due(steps.getFirst()) <= nowMicros) {
      var step = steps.removeFirst();
      changes.apply(step.change(), due(step));
    }
  }

  private long due(ScriptStep step) {
    return firstArrival + Durations.micros(step.at());
  }
}
