package dev.spectacles.proxy.e2e;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting for a condition with a deadline. */
final class Until {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private Until() {}

  /** Condition that may fail to be checked. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Returns when it holds; fails with this description when it never does. */
  static void holds(String description, Condition condition) throws Exception {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never: " + description);
      }
      passes(Duration.ofMillis(10));
    }
  }

  /** Returns after this time, where time itself is what a test is about. */
  static void passes(Duration time) throws InterruptedException {
    new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
