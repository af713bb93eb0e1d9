package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.port.out.StoredResponseForm;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.CacheKeys;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored answers that are still valid. Thread-safe.
 *
 * <p>Costs a request no more than a bounded time: a store that fails or hangs is left alone for a
 * while, and requests go on as if nothing were stored.
 */
final class ResponseCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseCache.class);

  private static final int SECRET_BYTES = 32;

  /** How long a store that failed is left alone. */
  private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

  /**
   * What is known before a request goes out.
   *
   * @param generations of its tags; what is stored of the answer bears them
   * @param stored valid, if perhaps not fresh
   */
  record Lookup(List<Generation> generations, Optional<StoredResponse> stored) {
    /** Values alone, as a stored answer bears them. */
    List<String> values() {
      return generations.stream().map(Generation::value).toList();
    }

    /** Whether a tag was made invalid within this time, as seen so long after the lookup. */
    boolean bumpedWithin(Duration time, Duration later) {
      return generations.stream()
          .flatMap(generation -> generation.sinceBump().stream())
          .anyMatch(since -> since.plus(later).compareTo(time) < 0);
    }
  }

  private final ResponseStore store;
  private final CacheTags tags;
  private final StoredResponseForm codec;
  private final Clock clock;
  private final Duration patience;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cache-", 0).factory());
  private final AtomicReference<@Nullable CacheKeys> keys = new AtomicReference<>();
  private final AtomicBoolean failing = new AtomicBoolean();
  private final AtomicLong tryAgainAt = new AtomicLong();

  /**
   * Cache over this store.
   *
   * @param secret key for hashing credentials; empty for one that all instances agree on
   * @param patience how long a request waits for the store
   */
  ResponseCache(
      ResponseStore store,
      CacheTags tags,
      StoredResponseForm codec,
      Clock clock,
      Optional<byte[]> secret,
      Duration patience) {
    this.store = store;
    this.tags = tags;
    this.codec = codec;
    this.clock = clock;
    this.patience = patience;
    this.tryAgainAt.set(clock.nanoTime());
    this.keys.set(secret.map(CacheKeys::new).orElse(null));
  }

  /** Names of answers; empty if the secret for that cannot be had now. */
  Optional<CacheKeys> keys() throws InterruptedException {
    CacheKeys known = keys.get();
    if (known != null) {
      return Optional.of(known);
    }
    byte[] proposal = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(proposal);
    Optional<CacheKeys> agreed = bounded(() -> new CacheKeys(tags.secret(proposal)));
    agreed.ifPresent(keys::set);
    return agreed;
  }

  /** Names of answers, if the secret for that is known. */
  Optional<CacheKeys> knownKeys() {
    return Optional.ofNullable(keys.get());
  }

  /**
   * Looks an answer up.
   *
   * @return empty if the store does not answer
   */
  Optional<Lookup> lookup(CacheKey key, List<String> tagNames) throws InterruptedException {
    return bounded(
        () -> {
          List<Generation> generations = tags.current(tagNames);
          Optional<byte[]> bytes = store.get(key);
          var found = new Lookup(generations, bytes.flatMap(codec::decode));
          boolean valid =
              found.stored().filter(s -> s.generations().equals(found.values())).isPresent();
          return valid ? found : new Lookup(generations, Optional.empty());
        });
  }

  /** Stores an answer; tells whether the store took it. */
  boolean put(CacheKey key, StoredResponse response, Duration kept) throws InterruptedException {
    return bounded(
            () -> {
              store.put(key, codec.encode(response), kept);
              return true;
            })
        .isPresent();
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }

  private <T> Optional<T> bounded(Callable<T> call) throws InterruptedException {
    if (!mayTry()) {
      return Optional.empty();
    }
    Future<T> result = calls.submit(call);
    try {
      T value = result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      worked();
      return Optional.of(value);
    } catch (TimeoutException e) {
      result.cancel(true);
      failed("no answer within " + patience.toMillis() + " ms", Optional.empty());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean expected = cause instanceof StoreException;
      failed(String.valueOf(cause.getMessage()), expected ? Optional.empty() : Optional.of(cause));
    } finally {
      result.cancel(true);
    }
    return Optional.empty();
  }

  /** While it fails, one request tries each time the pause is over. */
  private boolean mayTry() {
    if (!failing.get()) {
      return true;
    }
    long due = tryAgainAt.get();
    long now = clock.nanoTime();
    return now - due >= 0 && tryAgainAt.compareAndSet(due, now + LEFT_ALONE.toNanos());
  }

  private void worked() {
    if (failing.getAndSet(false)) {
      LOG.info("the cache of REST answers works again");
    }
  }

  private void failed(String why, Optional<Throwable> defect) {
    tryAgainAt.set(clock.nanoTime() + LEFT_ALONE.toNanos());
    boolean first = !failing.getAndSet(true);
    if (defect.isPresent()) {
      LOG.error("the cache of REST answers failed unexpectedly", defect.get());
    } else if (first) {
      LOG.warn("the cache of REST answers failed, and is left alone for now: {}", why);
    }
  }
}
