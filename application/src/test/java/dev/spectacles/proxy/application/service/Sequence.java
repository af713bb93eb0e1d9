package dev.spectacles.proxy.application.service;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Steps of several threads in one order, each named by a letter. */
final class Sequence {
  private final String order;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private String left;

  Sequence(String order) {
    this.order = order;
    this.left = order;
  }

  /** Every order of the letters of both in which those of each keep theirs. */
  static List<String> interleavings(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return List.of(one + other);
    }
    var all = new ArrayList<String>();
    interleavings(one.substring(1), other).forEach(rest -> all.add(one.charAt(0) + rest));
    interleavings(one, other.substring(1)).forEach(rest -> all.add(other.charAt(0) + rest));
    return all;
  }

  /** Returns when it is this step's turn; at once if it was before. */
  void reach(char step) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long patience = Running.PATIENCE.toNanos();
      while (left.indexOf(step) > 0) {
        patience = moved.awaitNanos(patience);
        if (patience <= 0) {
          throw new AssertionError(order + ": " + step + " never came, but " + left);
        }
      }
      left = left.replace(String.valueOf(step), "");
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits for these any more. */
  void leaveOut(String steps) {
    lock.lock();
    try {
      left = left.replaceAll("[" + steps + "]", "");
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
