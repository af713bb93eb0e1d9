package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.EventFeed.Batch;
import dev.spectacles.proxy.application.port.out.EventFeed.Fed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events between the broker and whoever takes them. Thread-safe. The broker bounds their number,
 * {@link #awaitRoom} the bytes that wait.
 *
 * <p>A turn is the time from the first wish for events, or the loss of a channel, to the next. What
 * came in an earlier turn counts for nothing: the broker delivers it again, in its order.
 */
final class FeedIntake implements Gate {
  private static final long MOST_WAITING_BYTES = 32L << 20;

  /** Whoever applies a batch holds it several times over. */
  private static final long MOST_TAKEN_BYTES = 2L << 20;

  private record Arrived(Fed event, Channel channel, long tag) {
    boolean is(Fed other) {
      return event.id().equals(other.id());
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Arrived> waiting = new ArrayDeque<>();
  private final Deque<Arrived> given = new ArrayDeque<>();
  private long waitingBytes;
  private long turn;
  private OptionalLong consumed = OptionalLong.empty();
  private boolean wanted;
  private boolean draining;
  private boolean closed;
  private boolean gap;
  private boolean gapTold;

  /** Somebody wants events; says whether nobody did. */
  boolean want() {
    lock.lock();
    try {
      boolean first = !wanted;
      wanted = true;
      gapTold = false;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** The turn that events are wanted for; nothing while nobody wants any. */
  OptionalLong turn() {
    lock.lock();
    try {
      return wanted ? OptionalLong.of(turn) : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The broker has been asked for all there is, and sends it as this turn's. */
  void consuming(long ofTurn) {
    lock.lock();
    try {
      consumed = OptionalLong.of(ofTurn);
    } finally {
      lock.unlock();
    }
  }

  /** A delivery came on this channel, which was opened for this turn. */
  void arrived(long ofTurn, Fed event, Channel channel, long tag) {
    lock.lock();
    try {
      if (ofTurn == turn) {
        waiting.add(new Arrived(event, channel, tag));
        waitingBytes += event.payload().size();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What waits, at most so many; nothing when nothing comes in that time, or on draining. */
  Batch take(int atMost, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      OptionalLong consumedBefore = consumed;
      while (waiting.isEmpty() && !gap && !draining && left > 0) {
        left = changed.awaitNanos(left);
      }
      List<Fed> taken = new ArrayList<>();
      long bytes = 0;
      while (!draining && !waiting.isEmpty() && taken.size() < atMost && bytes < MOST_TAKEN_BYTES) {
        Arrived next = waiting.remove();
        bytes += next.event().payload().size();
        waitingBytes -= next.event().payload().size();
        given.add(next);
        taken.add(next.event());
      }
      changed.signalAll();
      gapTold = gap;
      gap = false;
      // What the broker has is sent unasked: it came while its channel was there all the time.
      boolean upToDate =
          consumedBefore.equals(OptionalLong.of(turn))
              && waiting.isEmpty()
              && !gapTold
              && !draining;
      return new Batch(taken, gapTold, upToDate);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Acks this event and all before it.
   *
   * @throws BrokerException if they come again
   */
  void ack(Fed last) {
    Arrived acked = null;
    lock.lock();
    try {
      if (!closed && given.stream().anyMatch(each -> each.is(last))) {
        do {
          acked = given.remove();
        } while (!acked.is(last));
      }
    } finally {
      lock.unlock();
    }
    ack(last, acked);
  }

  private static void ack(Fed last, @Nullable Arrived acked) {
    if (acked == null) {
      throw new BrokerException(
          "Event " + last.id() + " of " + last.name() + " is left to whoever reads next");
    }
    try {
      acked.channel().basicAck(acked.tag(), true);
    } catch (IOException | ShutdownSignalException e) {
      throw new BrokerException(
          "The ack of event " + last.id() + " was not sent: " + Failures.reason(e));
    }
  }

  /** Forgets what came: it comes again when events are wanted again. */
  void release() {
    lock.lock();
    try {
      wanted = false;
      gap |= gapTold;
      gapTold = false;
      begin();
    } finally {
      lock.unlock();
    }
  }

  /** The connection is gone: what came by it comes again, by another one. */
  void lost() {
    lock.lock();
    try {
      begin();
    } finally {
      lock.unlock();
    }
  }

  /** There was no queue for a time. */
  void missed() {
    lock.lock();
    try {
      gap = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitRoom(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (isFull() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !isFull();
    } finally {
      lock.unlock();
    }
  }

  /** Hands out nothing more; what was taken can still be acked. */
  void drain() {
    lock.lock();
    try {
      draining = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing can be acked from now on. */
  void close() {
    lock.lock();
    try {
      draining = true;
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return waitingBytes >= MOST_WAITING_BYTES && !draining;
  }

  private void begin() {
    turn++;
    waiting.clear();
    given.clear();
    waitingBytes = 0;
    changed.signalAll();
  }
}
