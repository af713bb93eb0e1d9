package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages on their way to the broker, from those who wait for its word to the one thread that
 * writes. Thread-safe; there are as many messages as there are callers who wait.
 */
final class Publisher {
  /** What the broker said. */
  enum Outcome {
    /** It is in a queue. */
    TAKEN,
    /** There is no queue for it. */
    RETURNED,
    /** The broker does not accept it. */
    REFUSED
  }

  /** Who writes. */
  interface Writer {
    boolean hasEnded();

    /** Whether the broker wants nothing for now. */
    boolean isBlocked();
  }

  /**
   * The broker does not say for which message it closed a channel, and one that is too large for it
   * would keep all others from being published.
   */
  private static final int MOST_REFUSALS = 3;

  /** Message with its outcome to come. */
  static final class Pending {
    private final Outgoing message;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean returned;
    // Guarded by the publisher's lock.
    private int refusals;

    private Pending(Outgoing message) {
      this.message = message;
    }

    Outgoing message() {
      return message;
    }

    /** The broker has no queue for it; it says that it has dealt with it right after. */
    void returned() {
      returned = true;
    }

    void confirmed() {
      outcome.complete(returned ? Outcome.RETURNED : Outcome.TAKEN);
    }

    /** The broker cannot take it. */
    void refused() {
      outcome.complete(Outcome.REFUSED);
    }
  }

  private final String server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SequencedSet<Pending> waiting = new LinkedHashSet<>();
  private boolean closed;

  Publisher(String server) {
    this.server = server;
  }

  /**
   * Publishes this and waits for the broker's word.
   *
   * @throws BrokerException if there is none in that time
   */
  Outcome publish(Outgoing message, Duration within) throws InterruptedException {
    var pending = new Pending(message);
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw closed();
      }
      waiting.add(pending);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      return pending.outcome.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new BrokerException(
          "RabbitMQ at " + server + " did not take a message within " + within.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw closed();
    } finally {
      pending.outcome.cancel(false);
      remove(pending);
    }
  }

  /** The next message for this writer; nothing once it has ended. */
  Optional<Pending> next(Writer writer) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!writer.hasEnded() && (waiting.isEmpty() || writer.isBlocked())) {
        changed.await();
      }
      return writer.hasEnded() ? Optional.empty() : Optional.of(waiting.removeFirst());
    } finally {
      lock.unlock();
    }
  }

  /** Something changed about the writer. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A channel was lost before the broker's word on these came: they are published again, in their
   * order.
   *
   * @param refused whether it was for one of these that the broker closed the channel
   */
  void unconfirmed(List<Pending> messages, boolean refused) {
    lock.lock();
    try {
      var again = new ArrayList<Pending>();
      for (Pending message : messages) {
        message.returned = false;
        message.refusals += refused ? 1 : 0;
        if (closed) {
          message.outcome.completeExceptionally(closed());
        } else if (message.refusals >= MOST_REFUSALS) {
          message.outcome.complete(Outcome.REFUSED);
        } else if (!message.outcome.isDone()) {
          again.add(message);
        }
      }
      again.reversed().forEach(waiting::addFirst);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is published from now on; who waits is told so. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(pending -> pending.outcome.completeExceptionally(closed()));
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void remove(Pending pending) {
    lock.lock();
    try {
      waiting.remove(pending);
    } finally {
      lock.unlock();
    }
  }

  private static BrokerException closed() {
    return new BrokerException("The broker is closed");
  }
}
