package dev.spectacles.proxy.application.port.in;

import java.util.List;

/** Whether this instance can serve requests now, for those who watch it. Thread-safe. */
@FunctionalInterface
public interface CheckReadiness {
  /**
   * What was found, each line for people.
   *
   * @param reasons why it cannot serve; none if it can
   * @param notes what is not as it should be though it serves
   */
  record Readiness(List<String> reasons, List<String> notes) {
    /** Copies of the lists. */
    public Readiness {
      reasons = List.copyOf(reasons);
      notes = List.copyOf(notes);
    }

    /** Whether there is no reason why it could not serve. */
    public boolean isReady() {
      return reasons.isEmpty();
    }
  }

  /** Looks at what is known; asks nobody and does not wait. */
  Readiness check();
}
