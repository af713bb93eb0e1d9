package dev.spectacles.proxy.application.service;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests, and how many bytes of them, may be held at a time. Thread-safe.
 *
 * <p>Sizes are known only when a request has been read, so what may be read next is estimated from
 * what came last: large bodies are read one at a time. Whoever knows the size before reads nothing
 * that has no room.
 */
public final class HeldBudget {
  private static final int MOST_AT_ONCE = 100;
  private static final long SMALLEST_EXPECTED = 16 * 1024;

  private final int mostRequests;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int requests;
  private long bytes;
  private long expectedSize = SMALLEST_EXPECTED;

  /**
   * All of it free.
   *
   * @param mostBytes of what is held; a single request that is larger is held alone
   */
  public HeldBudget(int mostRequests, long mostBytes) {
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

  /** Takes room for a request of this size, if there is any. */
  boolean tryTake(long size) {
    lock.lock();
    try {
      if (!fits(size)) {
        return false;
      }
      requests++;
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes room for a request of this size as soon as there is any; whether that was in time. */
  boolean take(long size, Duration within) throws InterruptedException {
    lock.lock();
    try {
      long left = within.toNanos();
      while (!tryTake(size)) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes room for more of a request that is held; whether there was any in time. */
  boolean grow(long size, Duration within) throws InterruptedException {
    lock.lock();
    try {
      long left = within.toNanos();
      while (bytes + size > mostBytes) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(long size) {
    return requests < mostRequests && (bytes == 0 || bytes + size <= mostBytes);
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
