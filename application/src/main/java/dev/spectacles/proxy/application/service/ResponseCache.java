package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.StoredResponseDecoder;
import dev.spectacles.proxy.application.port.out.StoredResponseEncoder;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.CacheKeys;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Deadline;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
   * Calls at a time, the others wait: were all made at once that a crowd asks for, each would take
   * as long as all of them.
   */
  private static final int MOST_AT_ONCE = 64;

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
  private final StoredResponseEncoder encoder;
  private final StoredResponseDecoder decoder;
  private final Clock clock;
  private final BoundedCalls calls;
  private final TagBumps bumps;
  private final AtomicReference<@Nullable CacheKeys> keys = new AtomicReference<>();
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Duration patience;
  private final SharedLookups lookups;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE, true);
  private final AtomicLong tryAgainAt = new AtomicLong();

  /**
   * Cache over this store.
   *
   * @param bumps what may not be known yet to be invalid
   * @param secret key for hashing credentials; empty for one that all instances agree on
   * @param patience how long a request waits until it may call the store, and again for its answer
   */
  ResponseCache(
      ResponseStore store,
      CacheTags tags,
      TagBumps bumps,
      StoredResponseEncoder encoder,
      StoredResponseDecoder decoder,
      Clock clock,
      Optional<byte[]> secret,
      Duration patience) {
    this.store = store;
    this.tags = tags;
    this.bumps = bumps;
    this.encoder = encoder;
    this.decoder = decoder;
    this.clock = clock;
    this.patience = patience;
    this.lookups = new SharedLookups(patience, clock);
    this.calls = new BoundedCalls("cache-");
    this.tryAgainAt.set(clock.nanoTime());
    this.keys.set(secret.map(CacheKeys::new).orElse(null));
  }

  /** Names of answers; empty if the secret for that cannot be had now, or by the deadline. */
  Optional<CacheKeys> keys(Deadline deadline) throws InterruptedException {
    CacheKeys known = keys.get();
    if (known != null) {
      return Optional.of(known);
    }
    return bounded(deadline, this::agreed);
  }

  private CacheKeys agreed() throws InterruptedException {
    // Of many that have to ask at the start, most have waited until others had.
    CacheKeys known = keys.get();
    if (known != null) {
      return known;
    }
    byte[] proposal = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(proposal);
    var agreed = new CacheKeys(tags.secret(proposal));
    keys.set(agreed);
    return agreed;
  }

  /**
   * Looks an answer up.
   *
   * @return empty if the store does not answer, or not by the deadline, or cannot be told yet that
   *     these are invalid
   */
  Optional<Lookup> lookup(CacheKey key, List<String> tagNames, Deadline deadline)
      throws InterruptedException {
    return lookups.share(
        key,
        deadline,
        () ->
            bumps.anyPending(tagNames)
                ? Optional.empty()
                : bounded(deadline, () -> find(key, tagNames)));
  }

  private Lookup find(CacheKey key, List<String> tagNames) throws InterruptedException {
    List<Generation> generations = tags.current(tagNames);
    Optional<byte[]> bytes = store.get(key);
    var found = new Lookup(generations, bytes.flatMap(decoder::decode));
    boolean valid = found.stored().filter(s -> s.generations().equals(found.values())).isPresent();
    return valid ? found : new Lookup(generations, Optional.empty());
  }

  /**
   * Stores an answer, if the store has room for a call now: somebody waits for the answer.
   *
   * @return whether the store took it
   */
  boolean put(CacheKey key, StoredResponse response, Duration kept, Deadline deadline)
      throws InterruptedException {
    return room.tryAcquire()
        && withRoom(
                deadline,
                () -> {
                  store.put(key, encoder.encode(response), kept);
                  return true;
                })
            .isPresent();
  }

  /** What the store holds; empty if it does not answer. */
  Optional<ResponseStore.Usage> usage() throws InterruptedException {
    return bounded(Deadline.none(), store::usage);
  }

  @Override
  public void close() {
    calls.close();
  }

  private <T> Optional<T> bounded(Deadline deadline, Callable<T> call) throws InterruptedException {
    return room.tryAcquire(within(deadline).toNanos(), TimeUnit.NANOSECONDS)
        ? withRoom(deadline, call)
        : Optional.empty();
  }

  /** To be called with a permit. */
  private <T> Optional<T> withRoom(Deadline deadline, Callable<T> call)
      throws InterruptedException {
    try {
      return deadline.hasPassed(clock.nanoTime()) ? Optional.empty() : tried(deadline, call);
    } finally {
      room.release();
    }
  }

  /** How long is waited for a single thing. */
  private Duration within(Deadline deadline) {
    return deadline
        .remaining(clock.nanoTime())
        .filter(left -> left.compareTo(patience) < 0)
        .orElse(patience);
  }

  private <T> Optional<T> tried(Deadline deadline, Callable<T> call) throws InterruptedException {
    // A call that was under way when another one failed does not tell that all is well again.
    boolean probe = failing.get();
    if (probe && !isProbed()) {
      return Optional.empty();
    }
    return switch (calls.run(within(deadline), call)) {
      case BoundedCalls.Outcome.Done<T>(T value) -> {
        if (probe) {
          worked();
        }
        yield Optional.of(value);
      }
      case BoundedCalls.Outcome.Failed<T>(String why, Optional<Throwable> defect) -> {
        // One that had less time than others tells nothing of the store.
        if (!calls.isClosed() && !deadline.hasPassed(clock.nanoTime())) {
          failed(why, defect);
        }
        yield Optional.empty();
      }
    };
  }

  /** While it fails, one request tries each time the pause is over. */
  private boolean isProbed() {
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
    if (failing.getAndSet(true)) {
      LOG.debug("the cache of REST answers fails still: {}", why);
    } else if (defect.isPresent()) {
      LOG.error(
          "the cache of REST answers failed unexpectedly, and is left alone for now", defect.get());
    } else {
      LOG.warn("the cache of REST answers failed, and is left alone for now: {}", why);
    }
  }
}
