package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.oracle.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices when this process did not run: a timer that fires late shows that delays and arrival
 * times of that moment are those of the host and not of the scenario.
 *
 * <p>Delays that end late are reported to it as well: virtual threads can be late where the timer
 * of a platform thread is not.
 */
final class StallDetector implements AutoCloseable {
  private static final long PERIOD_MICROS = 5_000;
  private static final long TOLERATED_MICROS = 10_000;
  private static final int MAX_STALLS = 10_000;

  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Stall> stalls = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  StallDetector(MonotonicClock clock) {
    this.clock = clock;
    thread = Thread.ofPlatform().daemon().name("simulator-stalls").start(this::watch);
  }

  List<Stall> stalls() {
    lock.lock();
    try {
      return List.copyOf(stalls);
    } finally {
      lock.unlock();
    }
  }

  /** Tells when something was to happen and when it did, which is a stall if it was too late. */
  void woke(long expectedMicros, long actualMicros) {
    if (actualMicros - expectedMicros <= TOLERATED_MICROS) {
      return;
    }
    lock.lock();
    try {
      var start = expectedMicros;
      // One pause is noticed by every request that waited in it.
      while (!stalls.isEmpty() && stalls.getLast().endMicros() >= start) {
        start = Math.min(start, stalls.removeLast().startMicros());
      }
      if (stalls.size() < MAX_STALLS) {
        stalls.add(new Stall(start, actualMicros));
      }
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      stalls.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void watch() {
    while (!closed) {
      var before = clock.micros();
      LockSupport.parkNanos(this, PERIOD_MICROS * 1_000);
      woke(before + PERIOD_MICROS, clock.micros());
    }
  }
}
