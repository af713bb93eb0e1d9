package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Calls to a store, each on a thread of its own, so that whoever makes them waits for a bounded
 * time only. Thread-safe.
 */
final class BoundedCalls implements AutoCloseable {
  /** What came of a call. */
  sealed interface Outcome<T> {
    /** It returned. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It failed, or did not return in time.
     *
     * @param defect what it threw, where no store should
     */
    record Failed<T>(String why, Optional<Throwable> defect) implements Outcome<T> {}
  }

  private final ExecutorService threads;

  /**
   * Calls of one kind.
   *
   * @param threadName beginning of the names of its threads
   */
  BoundedCalls(String threadName) {
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(threadName, 0).factory());
  }

  /** Makes a call, and interrupts it when it takes longer than that. */
  <T> Outcome<T> run(Duration patience, Callable<T> call) throws InterruptedException {
    Future<T> result;
    try {
      result = threads.submit(call);
    } catch (RejectedExecutionException closed) {
      return new Outcome.Failed<>("closed", Optional.empty());
    }
    try {
      return new Outcome.Done<>(Patience.await(result, patience));
    } catch (TimeoutException e) {
      return new Outcome.Failed<>(
          "no answer within " + patience.toMillis() + " ms", Optional.empty());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      // Who interrupts it, but for this method, closes.
      boolean expected = cause instanceof StoreException || cause instanceof InterruptedException;
      return new Outcome.Failed<>(
          String.valueOf(cause.getMessage()), expected ? Optional.empty() : Optional.of(cause));
    } finally {
      result.cancel(true);
    }
  }

  /** Whether calls fail only because it is closed. */
  boolean isClosed() {
    return threads.isShutdown();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
