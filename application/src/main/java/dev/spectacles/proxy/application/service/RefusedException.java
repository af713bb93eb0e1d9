package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.service.Waiter.Refusal;
import java.time.Duration;

/** A request that does not get its turn. */
final class RefusedException extends Exception {
  private final Refusal refusal;
  private final Duration wait;

  RefusedException(Refusal refusal, Duration wait) {
    super(refusal + ", the wait would be at least " + wait);
    this.refusal = refusal;
    this.wait = wait;
  }

  Refusal refusal() {
    return refusal;
  }

  /** How long it would at least have taken, as far as that is known. */
  Duration waitAtLeast() {
    return wait;
  }
}
