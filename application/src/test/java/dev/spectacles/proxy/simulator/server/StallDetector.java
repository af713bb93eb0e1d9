package dev.spectacles.proxy.simulator.server;

import dev.spectacles.proxy.simulator.oracle.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices when this process did not run: a timer that fires late shows that delays and arrival
 * times of that moment are those of the host and not of the scenario.
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
    // A platform thread: a virtual one would also report a busy scheduler of virtual threads late.
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
      var after = clock.micros();
      if (after - before - PERIOD_MICROS > TOLERATED_MICROS) {
        add(new Stall(before + PERIOD_MICROS, after));
      }
    }
  }

  private void add(Stall stall) {
    lock.lock();
    try {
      if (stalls.size() < MAX_STALLS) {
        stalls.add(stall);
      }
    } finally {
      lock.unlock();
    }
  }
}
