package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.cache.CacheSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How many GETs were answered from where, since the start. Thread-safe. */
public final class CacheCounters {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<CacheSource, Long> counts = new EnumMap<>(CacheSource.class);

  /** None yet. */
  public CacheCounters() {
    for (CacheSource source : CacheSource.values()) {
      counts.put(source, 0L);
    }
  }

  void count(CacheSource source) {
    lock.lock();
    try {
      counts.merge(source, 1L, Long::sum);
    } finally {
      lock.unlock();
    }
  }

  /** By source, in the order of the enum. */
  Map<CacheSource, Long> counts() {
    lock.lock();
    try {
      return new EnumMap<>(counts);
    } finally {
      lock.unlock();
    }
  }
}
