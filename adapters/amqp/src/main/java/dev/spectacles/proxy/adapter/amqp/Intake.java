package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.adapter.amqp.HeldRequests.Arrival;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests between the broker and whoever takes them, and the knowledge of what is held.
 * Thread-safe. The broker bounds their number, {@link #awaitRoom} the bytes that wait.
 */
final class Intake implements Gate {
  private static final long MOST_WAITING_BYTES = 16L << 20;

  /** How long a request that others shall have stays away from the queue. */
  private static final Duration PASS_PAUSE = Duration.ofMillis(500);

  /** Delivery to return at this time. */
  private record Passing(Receipt receipt, long due) {}

  private final Clock clock;
  private final Optional<SentMarkers> markers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final HeldRequests held = new HeldRequests();
  private final Deque<Holding> waiting = new ArrayDeque<>();
  private final Deque<Passing> passing = new ArrayDeque<>();
  private long waitingBytes;
  private boolean draining;
  private boolean closed;

  Intake(Clock clock, Optional<SentMarkers> markers) {
    this.clock = clock;
    this.markers = markers;
  }

  /** A delivery came on this channel. */
  void arrived(Message message, Receipt receipt) {
    Arrival arrival;
    lock.lock();
    try {
      arrival = held.arrived(message, receipt, clock.nanoTime());
      switch (arrival) {
        case Arrival.New fresh -> {
          waiting.add(fresh.holding());
          waitingBytes += message.payload().size();
        }
        case Arrival.Passed passed ->
            passing.add(new Passing(receipt, clock.nanoTime() + PASS_PAUSE.toNanos()));
        case Arrival.Adopted adopted -> {}
        case Arrival.Answered answered -> {}
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (arrival instanceof Arrival.Answered) {
      receipt.ack();
    }
  }

  /** What waits, at most so many; nothing when nothing comes in that time, or on draining. */
  List<Holding> take(int atMost, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !draining && left > 0) {
        left = changed.awaitNanos(left);
      }
      var taken = new ArrayList<Holding>();
      while (!draining && !waiting.isEmpty() && taken.size() < atMost) {
        Holding next = waiting.remove();
        waitingBytes -= next.message().payload().size();
        taken.add(next);
      }
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitRoom(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (waitingBytes >= MOST_WAITING_BYTES && !draining && left > 0) {
        left = changed.awaitNanos(left);
      }
      return waitingBytes < MOST_WAITING_BYTES || draining;
    } finally {
      lock.unlock();
    }
  }

  /** Number of requests that nobody took yet. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that nobody took yet. */
  long waitingBytes() {
    lock.lock();
    try {
      return waitingBytes;
    } finally {
      lock.unlock();
    }
  }

  /** The channel is gone: what nobody took yet comes again, by another one. */
  void lost(Receipts channel) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      waiting.removeIf(holding -> holding.isOf(channel) && dropped(holding));
      passing.removeIf(each -> each.receipt().channel().equals(channel));
      held.lost(channel, clock.nanoTime());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A channel is there again. */
  void restored() {
    lock.lock();
    try {
      held.restored(clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nobody else can get this request.
   *
   * @throws BrokerException if that is not so in this time
   */
  void requireHeld(Holding holding, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && held.holds(holding) && !isOurs(holding) && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (closed || !held.holds(holding) || !isOurs(holding)) {
        throw new BrokerException(
            "Request " + holding.message().id() + " is not held any more: the connection was lost");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether another instance may have answered the request. */
  boolean mayBeWithOthers(Holding holding) {
    lock.lock();
    try {
      return holding.mayBeWithOthers();
    } finally {
      lock.unlock();
    }
  }

  /** There is a note of the request, to be forgotten when it is through. */
  void noted(Holding holding) {
    lock.lock();
    try {
      holding.noted();
    } finally {
      lock.unlock();
    }
  }

  /** The request was answered: acks it, now or when it comes again. */
  void answered(Holding holding) {
    Optional<Receipt> receipt;
    List<Identity> through;
    lock.lock();
    try {
      if (closed || !held.holds(holding)) {
        throw new BrokerException(
            "Request " + holding.message().id() + " cannot be settled: the broker is closed");
      }
      receipt = held.answered(holding, clock.nanoTime());
      through = held.through(clock.nanoTime());
    } finally {
      lock.unlock();
    }
    receipt.ifPresent(Receipt::ack);
    forget(through);
  }

  /** The request is left to others. */
  void abandoned(Holding holding) {
    Optional<Receipt> receipt;
    lock.lock();
    try {
      receipt = held.holds(holding) ? held.abandoned(holding) : Optional.empty();
    } finally {
      lock.unlock();
    }
    receipt.ifPresent(Receipt::requeue);
  }

  /** Returns what others shall have, if it is time; says when to ask again, if so. */
  Optional<Duration> returnPassing() {
    var due = new ArrayList<Receipt>();
    Optional<Duration> next = Optional.empty();
    lock.lock();
    try {
      long now = clock.nanoTime();
      while (!passing.isEmpty() && passing.getFirst().due() - now <= 0) {
        due.add(passing.removeFirst().receipt());
      }
      if (!passing.isEmpty()) {
        next = Optional.of(Duration.ofNanos(passing.getFirst().due() - now));
      }
    } finally {
      lock.unlock();
    }
    due.forEach(Receipt::requeue);
    return next;
  }

  /** Hands out nothing more. */
  void drain() {
    lock.lock();
    try {
      draining = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what nobody took; called when nothing more can arrive. */
  void returnWaiting() {
    var receipts = new ArrayList<Receipt>();
    lock.lock();
    try {
      for (Holding holding : waiting) {
        held.dropped(holding).ifPresent(receipts::add);
      }
      waiting.clear();
      waitingBytes = 0;
      passing.forEach(each -> receipts.add(each.receipt()));
      passing.clear();
    } finally {
      lock.unlock();
    }
    receipts.forEach(Receipt::requeue);
  }

  /** Nothing that is held can be settled from now on. */
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

  /** The broker has read all acks. */
  void closedInOrder() {
    List<Identity> through;
    lock.lock();
    try {
      through = held.closed();
    } finally {
      lock.unlock();
    }
    forget(through);
  }

  private boolean dropped(Holding holding) {
    waitingBytes -= holding.message().payload().size();
    held.dropped(holding);
    return true;
  }

  private static boolean isOurs(Holding holding) {
    return holding.receipt().filter(receipt -> receipt.channel().isFresh()).isPresent();
  }

  private void forget(List<Identity> through) {
    markers.ifPresent(notes -> through.forEach(identity -> notes.forget(identity.hash())));
  }
}
