package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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

  /** Longer than a look-up may take: this one decides whether others see what was before. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration RETRY = Duration.ofMillis(250);
  private static final int MOST_PENDING = 10_000;

  private final CacheTags tags;
  private final Clock clock;
  private final BoundedCalls calls = new BoundedCalls("cache-tags-");
  private final ExecutorService background =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cache-bumps-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();

  /** What is still to be told, with the number of the bump that wanted it last. */
  private final Map<String, Long> pending = new ConcurrentHashMap<>();

  private long failures;
  private boolean retrying;

  TagBumps(CacheTags tags, Clock clock) {
    this.tags = tags;
    this.clock = clock;
  }

  /** Makes them invalid, in the background. */
  void bumpSoon(Collection<String> names) {
    if (names.isEmpty()) {
      return;
    }
    Set<String> copy = new LinkedHashSet<>(names);
    inBackground(
        () -> {
          try {
            bump(copy);
          } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * Makes them invalid, and returns when that is so, or is being tried again.
   *
   * @return whether it is so
   */
  boolean bump(Collection<String> names) throws InterruptedException {
    boolean told = false;
    try {
      // Not waited for in vain by each of many writes.
      told = pending.isEmpty() && tell(names);
    } finally {
      if (!told) {
        tellLater(names);
      }
    }
    return told;
  }

  /** Whether one of them is to be made invalid, but nobody could be told yet. */
  boolean anyPending(Collection<String> names) {
    return !pending.isEmpty() && names.stream().anyMatch(pending::containsKey);
  }

  /** Tells what is still to be told once more: nobody else knows of it. */
  @Override
  public void close() {
    background.shutdownNow();
    try {
      if (!calls.isClosed() && !toldLast()) {
        LOG.warn(
            "stored answers that writes made invalid may be given out by other instances until"
                + " their time is over, as the store that all share did not answer: {} tags",
            pending.size());
      }
    } catch (InterruptedException hurried) {
      LOG.warn(
          "stored answers that writes made invalid may be given out by other instances until their"
              + " time is over, as there is no time to tell them: {} tags",
          pending.size());
      Thread.currentThread().interrupt();
    } finally {
      calls.close();
    }
  }

  private boolean toldLast() throws InterruptedException {
    // Those that are interrupted now leave what they could not tell.
    boolean ended = background.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    if (!ended) {
      LOG.debug("bumps do not end within {}", PATIENCE);
    }
    return pending.isEmpty() || toldAll();
  }

  private boolean tell(Collection<String> names) throws InterruptedException {
    return switch (calls.run(PATIENCE, () -> bumped(names))) {
      case BoundedCalls.Outcome.Done<Boolean> done -> true;
      case BoundedCalls.Outcome.Failed<Boolean>(String why, Optional<Throwable> defect) -> {
        if (!pending.isEmpty() || calls.isClosed()) {
          LOG.debug("not told that {} tags are invalid, trying again: {}", names.size(), why);
        } else if (defect.isPresent()) {
          LOG.error(
              "the other instances do not know yet which answers a write made invalid, trying"
                  + " again",
              defect.get());
        } else {
          LOG.warn(
              "the other instances do not know yet which answers a write made invalid, trying"
                  + " again: {}",
              why);
        }
        yield false;
      }
    };
  }

  private boolean bumped(Collection<String> names) throws InterruptedException {
    tags.bump(names);
    return true;
  }

  private void tellLater(Collection<String> names) {
    lock.lock();
    try {
      long failure = ++failures;
      names.forEach(name -> pending.put(name, failure));
      if (pending.size() > MOST_PENDING) {
        pending.put(Tags.ALL, failure);
        pending.keySet().removeIf(name -> !name.equals(Tags.ALL));
      }
      if (!retrying) {
        retrying = inBackground(this::tellUntilDone);
      }
    } finally {
      lock.unlock();
    }
  }

  private void tellUntilDone() {
    try {
      do {
        clock.sleep(RETRY);
      } while (!toldAll());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean toldAll() throws InterruptedException {
    Map<String, Long> due = Map.copyOf(pending);
    if (!tell(due.keySet())) {
      return false;
    }
    lock.lock();
    try {
      // What somebody wanted again meanwhile is told again.
      due.forEach(pending::remove);
      retrying = !pending.isEmpty();
      return !retrying;
    } finally {
      lock.unlock();
    }
  }

  private boolean inBackground(Runnable task) {
    try {
      background.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      LOG.debug("not told that tags are invalid: closed");
      return false;
    }
  }
}
