package dev.spectacles.proxy.application.service;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Something that runs on a virtual thread of its own; nothing here waits for ever. */
final class Running<T> {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FutureTask<T> task;
  private final Thread thread;

  private Running(Callable<T> work) {
    task = new FutureTask<>(work);
    thread = Thread.ofVirtual().start(task);
  }

  static <T> Running<T> start(Callable<T> work) {
    return new Running<>(work);
  }

  T get() throws InterruptedException {
    try {
      return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** What it failed with. */
  Throwable failure() throws InterruptedException {
    try {
      T result = task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + result);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  boolean isDone() {
    return task.isDone();
  }

  /** Waits until the thread waits for something itself. */
  Running<T> awaitBlocked() {
    awaitUntil(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING
                || task.isDone());
    return this;
  }

  /** Waits until the thread waits for something without any time limit. */
  Running<T> awaitParked() {
    awaitUntil(() -> isParked() || task.isDone());
    return this;
  }

  boolean isParked() {
    return thread.getState() == Thread.State.WAITING;
  }

  /** Lets other threads go on until this holds. */
  static void awaitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not come about in " + PATIENCE);
      }
      Thread.yield();
    }
  }

  static <T> T next(java.util.concurrent.BlockingQueue<T> queue) throws InterruptedException {
    return next(queue, any -> true);
  }

  /** The next of these that fits. */
  static <T> T next(java.util.concurrent.BlockingQueue<T> queue, Predicate<T> fits)
      throws InterruptedException {
    while (true) {
      T taken = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("nothing came in " + PATIENCE);
      }
      if (fits.test(taken)) {
        return taken;
      }
    }
  }
}
