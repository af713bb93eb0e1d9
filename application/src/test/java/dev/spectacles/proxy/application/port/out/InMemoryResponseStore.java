package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Answers in a map, the oldest of which go when there is no room, for tests. Thread-safe. */
public final class InMemoryResponseStore implements ResponseStore {
  /** Most bytes of one answer. */
  public static final int MOST_PER_ENTRY = 1 << 20;

  /** Most bytes of all. */
  public static final long MOST_IN_ALL = 16L << 20;

  private record Held(byte[] response, long until) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<CacheKey, Held> held = new LinkedHashMap<>();
  private long bytes;

  /** Empty store. */
  public InMemoryResponseStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Optional<byte[]> get(CacheKey key) {
    lock.lock();
    try {
      Optional<Held> found = Optional.ofNullable(held.get(key));
      if (found.isPresent() && found.get().until() - clock.nanoTime() <= 0) {
        forget(key);
        return Optional.empty();
      }
      return found.map(Held::response);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean put(CacheKey key, byte[] response, Duration kept) {
    lock.lock();
    try {
      forget(key);
      if (response.length <= MOST_PER_ENTRY) {
        held.put(key, new Held(response, clock.nanoTime() + kept.toNanos()));
        bytes += response.length;
        makeRoom();
      }
      return held.containsKey(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Usage usage() {
    lock.lock();
    try {
      return new Usage(held.size(), bytes);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {}

  private void forget(CacheKey key) {
    Held gone = held.remove(key);
    bytes -= gone == null ? 0 : gone.response().length;
  }

  private void makeRoom() {
    Iterator<Held> oldest = held.values().iterator();
    while (bytes > MOST_IN_ALL) {
      bytes -= oldest.next().response().length;
      oldest.remove();
    }
  }
}
