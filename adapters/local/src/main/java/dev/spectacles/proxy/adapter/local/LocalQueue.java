package dev.spectacles.proxy.adapter.local;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Messages of one reader in the order of publishing; its length is the exchange's to bound. */
final class LocalQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<LocalMessage> waiting = new ArrayDeque<>();

  void put(LocalMessage message) {
    lock.lock();
    try {
      waiting.addLast(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes at most so many; empty when nothing came in that time, or the reader has stopped. */
  List<LocalMessage> take(int atMost, Duration wait, BooleanSupplier stopped)
      throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && left > 0 && !stopped.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
      var taken = new ArrayList<LocalMessage>();
      while (taken.size() < atMost && !waiting.isEmpty() && !stopped.getAsBoolean()) {
        taken.add(waiting.removeFirst());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what was taken, in its order and before all else. */
  void giveBack(List<LocalMessage> messages) {
    lock.lock();
    try {
      for (LocalMessage message : messages.reversed()) {
        message.givenBack();
        waiting.addFirst(message);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Removes, in their order, those that this holds for. */
  List<LocalMessage> remove(Predicate<LocalMessage> which) {
    lock.lock();
    try {
      List<LocalMessage> removed = waiting.stream().filter(which).toList();
      waiting.removeAll(removed);
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** Has those who wait look whether they were stopped. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
