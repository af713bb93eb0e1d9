package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was read and not taken yet, bounded by count and bytes: while it is full, nothing is read.
 * Thread-safe.
 */
final class Inbox<T> {
  private record Entry<T>(T value, long size) {}

  private final int most;
  private final long mostBytes;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private long bytes;
  private boolean drained;

  /** Room for so many; for one, whatever its size. */
  Inbox(int most, long mostBytes, Clock clock) {
    this.most = most;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /**
   * Waits for room and puts it in; returns whether it will be taken, as nothing is after a drain.
   */
  boolean put(T value, long size) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!drained && !hasRoom(size)) {
        room.await();
      }
      if (!drained) {
        add(value, size);
      }
      return !drained;
    } finally {
      lock.unlock();
    }
  }

  /** Puts it in, or drops it after a drain; returns false where there was no room in that time. */
  boolean offer(T value, long size, Duration within) throws InterruptedException {
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (!drained && !hasRoom(size)) {
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      if (!drained) {
        add(value, size);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what was taken, before all else and whether there is room or not. */
  void giveBack(T value, long size) {
    lock.lock();
    try {
      if (!drained) {
        entries.addFirst(new Entry<>(value, size));
        bytes += size;
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first and takes at most so many; empty when none came or after a drain. */
  List<T> take(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    long end = clock.nanoTime() + wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (!drained && entries.isEmpty()) {
        long left = end - clock.nanoTime();
        if (left <= 0) {
          return List.of();
        }
        arrived.awaitNanos(left);
      }
      var taken = new ArrayList<T>();
      while (taken.size() < atMost && !entries.isEmpty()) {
        Entry<T> entry = entries.remove();
        bytes -= entry.size();
        taken.add(entry.value());
      }
      room.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** How many were not taken out. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all was taken or there was a drain. */
  void awaitEmpty() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!entries.isEmpty()) {
        room.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing in from now on; returns what was not taken out. */
  List<T> drain() {
    lock.lock();
    try {
      drained = true;
      List<T> left = entries.stream().map(Entry::value).toList();
      entries.clear();
      bytes = 0;
      room.signalAll();
      arrived.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  private void add(T value, long size) {
    entries.add(new Entry<>(value, size));
    bytes += size;
    arrived.signal();
  }

  private boolean hasRoom(long size) {
    return entries.isEmpty() || (entries.size() < most && bytes + size <= mostBytes);
  }
}
