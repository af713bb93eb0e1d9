package dev.spectacles.proxy.bootstrap;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a running service: started in order, stopped in reverse within one deadline.
 *
 * <p>When a part fails to start, those before it are stopped. Thread-safe: a stop waits for the
 * start that is under way, and nothing starts after it.
 */
public final class Lifecycle {
  /** Time for parts that are stopped after the deadline, to let go of what they hold. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final Duration UNDO = Duration.ofSeconds(5);

  /** Brings a part to life. */
  @FunctionalInterface
  public interface Start {
    /** Returns when the part runs; leaves nothing behind if it throws. */
    void run() throws Exception;
  }

  /** Ends a part. */
  @FunctionalInterface
  public interface Stop {
    /**
     * Ends the part.
     *
     * @param within time left of the deadline; the thread is interrupted soon after it
     */
    void run(Duration within) throws Exception;
  }

  private record Part(String name, Stop stop) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Part> started = new ArrayDeque<>();
  private boolean stopped;

  /** Nothing is started yet. */
  public Lifecycle(Clock clock) {
    this.clock = clock;
  }

  /**
   * Starts a part.
   *
   * @throws LifecycleException if it fails, once all parts before it are stopped; what fails then
   *     is suppressed in it
   */
  public void start(String name, Start start, Stop stop) throws LifecycleException {
    lock.lock();
    try {
      if (stopped) {
        throw new LifecycleException(name + ": not started, as the service stops");
      }
      try {
        start.run();
      } catch (Exception e) {
        var failure = new LifecycleException(name + ": not started: " + reason(e), e);
        stop(UNDO).forEach(failure::addSuppressed);
        // Only now: under an interrupt the stops would not be waited for.
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        throw failure;
      }
      started.push(new Part(name, stop));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a part that is closed at its turn.
   *
   * @throws LifecycleException as {@link #start} does
   */
  public <T extends AutoCloseable> T open(String name, Callable<T> opening)
      throws LifecycleException {
    var part = new AtomicReference<@Nullable T>();
    start(name, () -> part.set(opening.call()), within -> requireNonNull(part.get()).close());
    return requireNonNull(part.get());
  }

  /**
   * Stops all parts, the last one first.
   *
   * @return what went wrong on the way; every part was asked to stop nevertheless
   */
  public List<LifecycleException> stop(Duration within) {
    lock.lock();
    try {
      stopped = true;
      long start = clock.nanoTime();
      var failures = new ArrayList<LifecycleException>();
      boolean interrupted = false;
      while (!started.isEmpty()) {
        Duration left = within.minusNanos(clock.nanoTime() - start);
        Part part = started.pop();
        try {
          stop(part, left.isPositive() && !interrupted ? left : Duration.ZERO);
        } catch (LifecycleException e) {
          failures.add(e);
        } catch (InterruptedException e) {
          interrupted = true;
          failures.add(new LifecycleException(part.name() + ": stop interrupted", e));
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return failures;
    } finally {
      lock.unlock();
    }
  }

  private static void stop(Part part, Duration left)
      throws LifecycleException, InterruptedException {
    var task =
        new FutureTask<Void>(
            () -> {
              part.stop().run(left);
              return null;
            });
    Thread.ofVirtual().name("stop-" + part.name()).start(task);
    try {
      task.get(left.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new LifecycleException(part.name() + ": not stopped in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new LifecycleException(part.name() + ": not stopped: " + reason(cause), cause);
    } finally {
      task.cancel(true);
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
