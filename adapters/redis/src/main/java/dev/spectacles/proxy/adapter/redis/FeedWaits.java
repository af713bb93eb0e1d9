package dev.spectacles.proxy.adapter.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.client.RedisException;

/** Waits of a feed's reader, which another thread may end. Thread-safe. */
final class FeedWaits {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable FeedCommands commands;
  private @Nullable RFuture<?> blocked;
  private boolean over;
  private boolean closed;

  /** The server was reached. */
  void opened(FeedCommands opened) {
    lock.lock();
    try {
      commands = opened;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the server was reached; nothing if it was not, or waits are over. */
  Optional<FeedCommands> awaitCommands(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (commands == null && !over && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(commands);
    } finally {
      lock.unlock();
    }
  }

  /** Commands of a server that was reached. */
  FeedCommands commands() {
    lock.lock();
    try {
      return Optional.ofNullable(commands).orElseThrow(NotReachedException::new);
    } finally {
      lock.unlock();
    }
  }

  /** Lets this time pass. */
  void pause(Duration time) throws InterruptedException {
    long left = time.toNanos();
    lock.lockInterruptibly();
    try {
      while (!over && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was waited for; nothing if waits are over. */
  <K, V> Map<K, V> await(RFuture<Map<K, V>> waiting) throws InterruptedException {
    block(waiting);
    try {
      return waiting.get();
    } catch (InterruptedException e) {
      waiting.cancel(true);
      throw e;
    } catch (CancellationException e) {
      return Map.of();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    } finally {
      unblock();
    }
  }

  /** Ends a wait that is on, and every later one. */
  void end() {
    end(false);
  }

  /** Like {@link #end}, and for good. */
  void close() {
    end(true);
  }

  boolean areOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  boolean areClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void end(boolean forGood) {
    RFuture<?> waiting;
    lock.lock();
    try {
      over = true;
      closed |= forGood;
      waiting = blocked;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      waiting.cancel(true);
    }
  }

  private void block(RFuture<?> waiting) {
    boolean ended;
    lock.lock();
    try {
      blocked = waiting;
      ended = over;
    } finally {
      lock.unlock();
    }
    if (ended) {
      waiting.cancel(true);
    }
  }

  private void unblock() {
    lock.lock();
    try {
      blocked = null;
    } finally {
      lock.unlock();
    }
  }
}
