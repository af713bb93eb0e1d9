package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to a store that requests can do without. Thread-safe.
 *
 * <p>Costs a request no more than a bounded time: a store that fails or hangs is left alone for a
 * while.
 */
final class CarefulCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CarefulCalls.class);

  /** How long a store that failed is left alone. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

  /**
   * Calls at a time, the others wait: were all made at once that a crowd asks for, each would take
   * as long as all of them.
   */
  private static final int MOST_AT_ONCE = 64;

  private final String what;
  private final Duration patience;
  private final Clock clock;
  private final BoundedCalls calls;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Semaphore room = new Semaphore(MOST_AT_ONCE, true);
  private final AtomicLong tryAgainAt = new AtomicLong();

  /**
   * Calls that may take so long.
   *
   * @param what the store is called in the log
   * @param threadName beginning of the names of its threads
   */
  CarefulCalls(String what, Duration patience, String threadName, Clock clock) {
    this.what = what;
    this.patience = patience;
    this.clock = clock;
    this.calls = new BoundedCalls(threadName);
    this.tryAgainAt.set(clock.nanoTime());
  }

  /**
   * Makes a call when there is room for it; empty if there is none in time, or the store does not
   * answer, or is left alone.
   */
  <T> Optional<T> run(Deadline deadline, Callable<T> call) throws InterruptedException {
    return room.tryAcquire(within(deadline).toNanos(), TimeUnit.NANOSECONDS)
        ? withRoom(deadline, call)
        : Optional.empty();
  }

  /** The same, if there is room now. */
  <T> Optional<T> runNow(Deadline deadline, Callable<T> call) throws InterruptedException {
    return room.tryAcquire() ? withRoom(deadline, call) : Optional.empty();
  }

  /** To be called with a permit. */
  private <T> Optional<T> withRoom(Deadline deadline, Callable<T> call)
      throws InterruptedException {
    try {
      return deadline.hasPassed(clock.nanoTime()) ? Optional.empty() : tried(deadline, call);
    } finally {
      room.release();
    }
  }

  /** How long is waited for a single thing. */
  private Duration within(Deadline deadline) {
    return deadline
        .remaining(clock.nanoTime())
        .filter(left -> left.compareTo(patience) < 0)
        .orElse(patience);
  }

  private <T> Optional<T> tried(Deadline deadline, Callable<T> call) throws InterruptedException {
    // A call that was under way when another one failed does not tell that all is well again.
    boolean probe = failing.get();
    if (probe && !isProbed()) {
      return Optional.empty();
    }
    return switch (calls.run(within(deadline), call)) {
      case BoundedCalls.Outcome.Done<T>(T value) -> {
        if (probe) {
          worked();
        }
        yield Optional.of(value);
      }
      case BoundedCalls.Outcome.Failed<T>(String why, Optional<Throwable> defect) -> {
        // One that had less time than others tells nothing of the store.
        if (!calls.isClosed() && !deadline.hasPassed(clock.nanoTime())) {
          failed(why, defect);
        }
        yield Optional.empty();
      }
    };
  }

  /** While it fails, one request tries each time the pause is over. */
  private boolean isProbed() {
    long due = tryAgainAt.get();
    long now = clock.nanoTime();
    return now - due >= 0 && tryAgainAt.compareAndSet(due, now + LEFT_ALONE.toNanos());
  }

  private void worked() {
    if (failing.getAndSet(false)) {
      LOG.info("{} works again", what);
    }
  }

  private void failed(String why, Optional<Throwable> defect) {
    tryAgainAt.set(clock.nanoTime() + LEFT_ALONE.toNanos());
    if (failing.getAndSet(true)) {
      LOG.debug("{} fails still: {}", what, why);
    } else if (defect.isPresent()) {
      LOG.error("{} failed unexpectedly, and is left alone for now", what, defect.get());
    } else {
      LOG.warn("{} failed, and is left alone for now: {}", what, why);
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
