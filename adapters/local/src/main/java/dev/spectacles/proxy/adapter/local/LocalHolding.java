package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What one reader has taken off its queue and not settled yet. Thread-safe. */
final class LocalHolding implements AutoCloseable {
  private final LocalExchange exchange;
  private final LocalQueue queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, LocalMessage> held = new LinkedHashMap<>();
  private volatile boolean drained;
  private boolean closed;

  LocalHolding(LocalExchange exchange, LocalQueue queue) {
    this.exchange = exchange;
    this.queue = queue;
  }

  /** Takes at most so many; empty when nothing came in that time, or nothing is taken any more. */
  List<LocalMessage> take(int atMost, Duration wait) throws InterruptedException {
    if (atMost < 1) {
      throw new IllegalArgumentException("atMost: " + atMost + " (expected: >= 1)");
    }
    List<LocalMessage> taken = queue.take(atMost, wait, () -> drained);
    lock.lock();
    try {
      if (closed) {
        queue.giveBack(taken);
        return List.of();
      }
      taken.forEach(message -> held.put(message.id(), message));
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** How many nobody has taken off the queue. */
  int waiting() {
    return queue.size();
  }

  /** Fails if the message is not held any more. */
  void requireHeld(LocalMessage message) {
    lock.lock();
    try {
      if (!held.containsKey(message.id())) {
        throw new BrokerException(
            message.name() + " " + message.id() + " is left to others, as its reader was closed");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nobody shall get the message again. */
  void settle(LocalMessage message) {
    lock.lock();
    try {
      requireHeld(message);
      held.remove(message.id());
    } finally {
      lock.unlock();
    }
    exchange.settled(message);
  }

  /** Leaves the message to others, if it is still held. */
  void giveBack(LocalMessage message) {
    lock.lock();
    try {
      if (held.remove(message.id(), message)) {
        queue.giveBack(List.of(message));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives back all that is held, in its order. */
  void release() {
    lock.lock();
    try {
      queue.giveBack(List.copyOf(held.values()));
      held.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is taken any more. */
  boolean isDrained() {
    return drained;
  }

  /** Ends a wait that is on; nothing is taken any more. */
  void drain() {
    drained = true;
    queue.wake();
  }

  @Override
  public void close() {
    drain();
    lock.lock();
    try {
      closed = true;
      release();
    } finally {
      lock.unlock();
    }
  }
}
