package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;

/**
 * Waits for entries, whatever becomes of the connection meanwhile. Thread-safe: threads receive one
 * after the other.
 *
 * @param <T> what an entry is to whoever takes it
 */
final class Receiver<T> {
  // A blocked read holds up the closing of its connection for so long at worst.
  private static final Duration LONGEST_READ = Duration.ofSeconds(1);
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(2).toNanos();

  private final Outage outage;
  private final Clock clock;
  private final ReentrantLock receiving = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Intake<T> intake;
  private boolean draining;
  // Guarded by the lock of receiving.
  private boolean groupsInDoubt;

  Receiver(Outage outage, Clock clock) {
    this.outage = outage;
    this.clock = clock;
  }

  /** The server was reached. */
  void opened(Intake<T> opened) {
    lock.lock();
    try {
      intake = opened;
      if (draining) {
        opened.stop();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    lock.lock();
    try {
      draining = true;
      changed.signalAll();
      if (intake != null) {
        intake.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes at most so many; empty when nothing came in that time or nothing is taken any more. */
  List<T> receive(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    long end = clock.nanoTime() + wait.toNanos();
    if (!receiving.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      return List.of();
    }
    try {
      Optional<Intake<T>> open = awaitOpen(end - clock.nanoTime());
      return open.isEmpty() ? List.of() : receive(open.get(), atMost, end);
    } finally {
      receiving.unlock();
    }
  }

  private List<T> receive(Intake<T> open, int atMost, long end) throws InterruptedException {
    long pause = FIRST_PAUSE;
    while (!isDraining()) {
      long left = Math.max(0, end - clock.nanoTime());
      try {
        var block = Duration.ofNanos(Math.min(left, LONGEST_READ.toNanos()));
        List<T> taken = take(open, atMost, block);
        if (!taken.isEmpty()) {
          return taken;
        }
        pause = FIRST_PAUSE;
      } catch (RedisException e) {
        outage.noticed(e);
        awaitDraining(Math.min(pause, Math.max(0, end - clock.nanoTime())));
        pause = Math.min(LONGEST_PAUSE, pause * 2);
      }
      if (end - clock.nanoTime() <= 0) {
        return List.of();
      }
    }
    return List.of();
  }

  private List<T> take(Intake<T> open, int atMost, Duration block) throws InterruptedException {
    try {
      if (groupsInDoubt) {
        open.ensureGroups();
        groupsInDoubt = false;
      }
      return open.take(atMost, block);
    } catch (RedisException e) {
      // Another instance may create the group again first: entries of then are of a new generation.
      groupsInDoubt = true;
      if (!Failures.isGroupGone(e)) {
        throw e;
      }
      return List.of();
    }
  }

  private Optional<Intake<T>> awaitOpen(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (intake == null && !draining && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(intake);
    } finally {
      lock.unlock();
    }
  }

  private void awaitDraining(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!draining && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }
}
