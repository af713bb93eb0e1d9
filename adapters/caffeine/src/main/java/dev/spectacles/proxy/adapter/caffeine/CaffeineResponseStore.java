package dev.spectacles.proxy.adapter.caffeine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers in memory. Where there is no room, those go that are asked for least; where a scope has
 * its share, its oldest go. Thread-safe; never waits.
 */
final class CaffeineResponseStore implements ResponseStore {
  /** Part of all bytes that one scope gets at most, in percent. */
  static final int SHARE = 25;

  private final int mostPerEntry;
  private final ScopeShares shares;
  private final Cache<CacheKey, Held> answers;

  /**
   * Empty store.
   *
   * @param mostInAll bytes of all answers, with what they take beside their own
   * @param mostPerEntry bytes of one answer
   */
  CaffeineResponseStore(long mostInAll, int mostPerEntry, Clock clock) {
    long share = mostInAll / 100 * SHARE;
    this.mostPerEntry = (int) Math.min(mostPerEntry, Math.max(0, share - Held.OVERHEAD));
    this.shares = new ScopeShares(share);
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(mostInAll)
            .weigher((CacheKey key, Held held) -> held.weight())
            .expireAfter(Expiry.writing((CacheKey key, Held held) -> held.kept()))
            .ticker(clock::nanoTime)
            // What is due is done by whoever writes: there is no pool of threads.
            .executor(Runnable::run)
            .evictionListener(this::evicted)
            .build();
  }

  @Override
  public Optional<byte[]> get(CacheKey key) {
    return Optional.ofNullable(answers.getIfPresent(key)).map(Held::response);
  }

  @Override
  public boolean put(CacheKey key, byte[] response, Duration kept) {
    if (response.length > mostPerEntry) {
      remove(key);
      return false;
    }
    var held = new Held(response, kept);
    var gone = new ArrayList<CacheKey>();
    answers
        .asMap()
        .compute(
            key,
            (same, before) -> {
              gone.addAll(shares.add(same, held));
              return held;
            });
    gone.forEach(this::remove);
    return answers.asMap().containsKey(key);
  }

  /** Forgets an answer. */
  void remove(CacheKey key) {
    answers
        .asMap()
        .computeIfPresent(
            key,
            (same, held) -> {
              shares.remove(same, held);
              return null;
            });
  }

  @Override
  public Usage usage() {
    answers.cleanUp();
    long bytes = answers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    return new Usage(answers.estimatedSize(), bytes);
  }

  /** Number of scopes that hold anything. */
  int scopes() {
    answers.cleanUp();
    return shares.scopes();
  }

  @Override
  public void close() {
    answers.asMap().keySet().forEach(this::remove);
  }

  private void evicted(@Nullable CacheKey key, @Nullable Held held, RemovalCause cause) {
    if (key != null && held != null) {
      shares.remove(key, held);
    }
  }
}
