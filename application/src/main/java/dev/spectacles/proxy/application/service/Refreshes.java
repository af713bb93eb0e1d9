package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest.SentMarker;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests whose answers nobody waits for: they refresh what was given out though it was not fresh
 * any more. Thread-safe; one at a time for each answer, and beyond so many in all none is started.
 */
final class Refreshes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Refreshes.class);
  private static final int MOST = 100;

  private final Semaphore room = new Semaphore(MOST);
  private final Set<CacheKey> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual()
              .name("refresh-", 0)
              .uncaughtExceptionHandler((thread, e) -> failed(e))
              .factory());

  /** Has it asked soon, unless it is being asked already, or too much is. */
  void start(CacheKey key, CachedGet request) {
    if (!underWay.add(key)) {
      return;
    }
    if (!room.tryAcquire()) {
      underWay.remove(key);
      return;
    }
    try {
      threads.execute(() -> run(key, request));
    } catch (RejectedExecutionException closed) {
      ended(key);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void run(CacheKey key, CachedGet request) {
    try {
      request.await(SentMarker.NONE);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      ended(key);
    }
  }

  private void failed(Throwable defect) {
    if (threads.isShutdown()) {
      LOG.debug("an answer was not refreshed: closed", defect);
    } else {
      LOG.warn("an answer was not refreshed", defect);
    }
  }

  private void ended(CacheKey key) {
    underWay.remove(key);
    room.release();
  }
}
