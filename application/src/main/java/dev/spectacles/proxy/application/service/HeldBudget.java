package dev.spectacles.proxy.application.service;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests, and how many bytes of them, may be held at a time. Thread-safe.
 *
 * <p>Sizes are known only when a request has been read, so what may be read next is estimated from
 * what came last: large bodies are read one at a time.
 */
final class HeldBudget {
  private static final int MOST_AT_ONCE = 100;
  private static final long SMALLEST_EXPECTED = 16 * 1024;

  private final int mostRequests;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int requests;
  private long bytes;
  private long expectedSize = SMALLEST_EXPECTED;

  HeldBudget(int mostRequests, long mostBytes) {
    this.mostRequests = mostRequests;
    this.mostBytes = mostBytes;
  }

  /** Waits until something may be read, and says how many requests. */
  int awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (room() < 1) {
        changed.await();
      }
      return room();
    } finally {
      lock.unlock();
    }
  }

  private int room() {
    if (bytes >= mostBytes) {
      return 0;
    }
    long byBytes = Math.max(1, (mostBytes - bytes) / expectedSize);
    return (int) Math.min(MOST_AT_ONCE, Math.min(mostRequests - requests, byBytes));
  }

  void take(long size) {
    lock.lock();
    try {
      requests++;
      bytes += size;
      expectedSize = Math.max(SMALLEST_EXPECTED, Math.max(size, expectedSize - expectedSize / 8));
    } finally {
      lock.unlock();
    }
  }

  void give(long size) {
    lock.lock();
    try {
      requests--;
      bytes -= size;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int requests() {
    lock.lock();
    try {
      return requests;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
