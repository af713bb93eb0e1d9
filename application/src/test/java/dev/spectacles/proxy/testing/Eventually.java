package dev.spectacles.proxy.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting for a condition with a deadline. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Eventually() {}

  /** Returns when it holds; fails with this description when it never does. */
  public static void holds(String description, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never: " + description);
      }
      new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
    }
  }
}
