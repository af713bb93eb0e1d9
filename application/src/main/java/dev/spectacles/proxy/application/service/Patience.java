package dev.spectacles.proxy.application.service;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waiting for what another thread does, for a bounded time in which it had its chance.
 *
 * <p>The time is waited for in parts. When this process stands still, or has more to do than it
 * can, that takes the other thread's time as well, but no more than one part of it: what it calls
 * is not to blame.
 */
final class Patience {
  private static final int PARTS = 10;

  private Patience() {}

  /**
   * Waits for a result.
   *
   * @throws TimeoutException if it takes longer
   */
  static <T> T await(Future<T> result, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (int part = 1; part < PARTS; part++) {
      try {
        return result.get(patience.toNanos() / PARTS, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // There is more to come.
      }
    }
    return result.get(patience.toNanos() / PARTS, TimeUnit.NANOSECONDS);
  }
}
