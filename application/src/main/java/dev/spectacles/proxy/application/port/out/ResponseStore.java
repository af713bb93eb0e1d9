package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers of Discord, as bytes.
 *
 * <p>May lose any of them at any time, but never gives out another's or a part of one. Bounded in
 * bytes; what does not fit is not kept. Thread-safe.
 */
public interface ResponseStore extends AutoCloseable {
  /**
   * What the store holds now, as far as it can tell.
   *
   * @param bytes with the store's own overhead
   */
  record Usage(long entries, long bytes) {}

  /**
   * What was put there last, until its time is over.
   *
   * @throws StoreException if the store does not answer
   */
  Optional<byte[]> get(CacheKey key) throws InterruptedException;

  /**
   * Keeps an answer in place of what was there.
   *
   * @param response not changed by anybody from now on
   * @param kept how long; positive
   * @return whether it is kept, as far as the store knows now; false for one that is too large
   * @throws StoreException if the store does not answer
   */
  boolean put(CacheKey key, byte[] response, Duration kept) throws InterruptedException;

  /**
   * What is held.
   *
   * @throws StoreException if the store does not answer
   */
  Usage usage() throws InterruptedException;

  @Override
  void close();
}
