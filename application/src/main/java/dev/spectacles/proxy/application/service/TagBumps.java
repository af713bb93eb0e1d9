package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes stored answers invalid, however long that takes. Thread-safe.
 *
 * <p>What could not be told is told again until it was: an answer that was stored before a write
 * must not come back when the store does.
 */
final class TagBumps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagBumps.class);
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final int MOST_PENDING = 10_000;

  private final CacheTags tags;
  private final Clock clock;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cache-bumps-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> pending = new LinkedHashSet<>();
  private boolean retrying;

  TagBumps(CacheTags tags, Clock clock) {
    this.tags = tags;
    this.clock = clock;
  }

  /** Makes them invalid, in the background. */
  void bumpSoon(Collection<String> names) {
    Set<String> copy = new LinkedHashSet<>(names);
    try {
      calls.execute(
          () -> {
            try {
              bump(copy);
            } catch (InterruptedException closed) {
              Thread.currentThread().interrupt();
            }
          });
    } catch (RejectedExecutionException closed) {
      LOG.debug("not told that {} tags are invalid: closed", copy.size());
    }
  }

  /** Makes them invalid, and returns when that is so, or is being tried again. */
  void bump(Collection<String> names) throws InterruptedException {
    try {
      tags.bump(names);
    } catch (StoreException e) {
      LOG.debug(
          "not told that {} tags are invalid, trying again: {}", names.size(), e.getMessage());
      retry(names);
    }
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }

  private void retry(Collection<String> names) {
    lock.lock();
    try {
      pending.addAll(names);
      if (pending.size() > MOST_PENDING) {
        pending.clear();
        pending.add(Tags.ALL);
      }
      if (!retrying) {
        retrying = true;
        calls.execute(this::retryUntilDone);
      }
    } catch (RejectedExecutionException closed) {
      LOG.debug("not told that {} tags are invalid: closed", names.size());
    } finally {
      lock.unlock();
    }
  }

  private void retryUntilDone() {
    try {
      while (true) {
        clock.sleep(RETRY);
        List<String> due = due();
        if (due.isEmpty() || (told(due) && isDone(due))) {
          return;
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean told(List<String> due) throws InterruptedException {
    try {
      tags.bump(due);
      return true;
    } catch (StoreException e) {
      LOG.debug("not told that {} tags are invalid, trying again: {}", due.size(), e.getMessage());
      return false;
    }
  }

  private List<String> due() {
    lock.lock();
    try {
      return List.copyOf(pending);
    } finally {
      lock.unlock();
    }
  }

  private boolean isDone(List<String> told) {
    lock.lock();
    try {
      told.forEach(pending::remove);
      retrying = !pending.isEmpty();
      return !retrying;
    } finally {
      lock.unlock();
    }
  }
}
