package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Decides which requests fail. */
final class Faults {
  private static final class Planned {
    final FaultSpec spec;
    int toSkip;
    int toHit;

    Planned(FaultSpec spec) {
      this.spec = spec;
      toSkip = spec.skip();
      toHit = spec.times();
    }
  }

  private final List<Planned> planned = new ArrayList<>();
  private final SplittableRandom random;

  Faults(List<FaultSpec> faults, long seed) {
    faults.forEach(this::add);
    random = new SplittableRandom(seed);
  }

  void add(FaultSpec fault) {
    planned.add(new Planned(fault));
  }

  void clear() {
    planned.clear();
  }

  /** The first fault of this phase that hits this request. */
  Optional<FaultSpec> draw(FaultSpec.Phase phase, String method, ApiPath path) {
    for (var fault : planned) {
      if (fault.spec.phase() == phase && hits(fault, method, path)) {
        return Optional.of(fault.spec);
      }
    }
    return Optional.empty();
  }

  private boolean hits(Planned fault, String method, ApiPath path) {
    if (fault.toHit == 0 || !fault.spec.route().matches(method, path.segments())) {
      return false;
    }
    if (fault.toSkip > 0) {
      fault.toSkip--;
      return false;
    }
    if (fault.spec.probability() < 1 && random.nextDouble() >= fault.spec.probability()) {
      return false;
    }
    if (fault.toHit != FaultSpec.ALWAYS) {
      fault.toHit--;
    }
    return true;
  }
}
