package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests whose answers nobody waits for: they refresh what was given out though it was not fresh
 * any more. Thread-safe; beyond so many at a time none is started.
 */
final class Refreshes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Refreshes.class);
  private static final int MOST = 100;

  private final Semaphore room = new Semaphore(MOST);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("refresh-", 0).factory());

  /** Has it asked soon, unless too much is being asked already. */
  void start(CachedGet request) {
    if (!room.tryAcquire()) {
      return;
    }
    try {
      threads.execute(() -> run(request));
    } catch (RejectedExecutionException closed) {
      room.release();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void run(CachedGet request) {
    try {
      request.await(SentMarker.NONE);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("an answer was not refreshed", e);
    } finally {
      room.release();
    }
  }
}
