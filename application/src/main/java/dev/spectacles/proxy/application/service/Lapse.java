package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Something that should work and does not for a while: to be told when it begins, at most once a
 * minute, and when it is over, if it was told. Thread-safe.
 */
final class Lapse {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean on;
  private long lapses;
  private boolean told;
  private long tellAt;

  Lapse(Clock clock) {
    this.clock = clock;
    this.tellAt = clock.nanoTime();
  }

  /** To be taken before something is tried, for {@link #worked}. */
  long attempt() {
    lock.lock();
    try {
      return lapses;
    } finally {
      lock.unlock();
    }
  }

  /** It did not work; whether that is to be told. */
  boolean failed() {
    lock.lock();
    try {
      if (!on) {
        lapses++;
        on = true;
      }
      boolean tell = !told && clock.nanoTime() - tellAt >= 0;
      if (tell) {
        told = true;
        tellAt = clock.nanoTime() + BETWEEN.toNanos();
      }
      return tell;
    } finally {
      lock.unlock();
    }
  }

  /** It worked; whether that is to be told. What began before the lapse did says nothing of it. */
  boolean worked(long attempt) {
    lock.lock();
    try {
      boolean ended = on && attempt == lapses;
      boolean tell = ended && told;
      if (ended) {
        on = false;
        told = false;
      }
      return tell;
    } finally {
      lock.unlock();
    }
  }
}
