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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stored answers that are still valid. Thread-safe.
 *
 * <p>Costs a request no more than a bounded time: a store that fails or hangs is left alone for a
 * while, and requests go on as if nothing were stored.
 */
final class ResponseCache implements AutoCloseable {
  private static final int SECRET_BYTES = 32;

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
  private final CarefulCalls calls;
  private final TagBumps bumps;
  private final AtomicReference<@Nullable CacheKeys> keys = new AtomicReference<>();
  private final SharedLookups lookups;

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
    this.lookups = new SharedLookups(patience, clock);
    this.calls = new CarefulCalls("the cache of REST answers", patience, "cache-", clock);
    this.keys.set(secret.map(CacheKeys::new).orElse(null));
  }

  /** Names of answers; empty if the secret for that cannot be had now, or by the deadline. */
  Optional<CacheKeys> keys(Deadline deadline) throws InterruptedException {
    CacheKeys known = keys.get();
    if (known != null) {
      return Optional.of(known);
    }
    return calls.run(deadline, this::agreed);
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
                : calls.run(deadline, () -> find(key, tagNames)));
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
   * @return whether the store keeps it
   */
  boolean put(CacheKey key, StoredResponse response, Duration kept, Deadline deadline)
      throws InterruptedException {
    return calls
        .runNow(deadline, () -> store.put(key, encoder.encode(response), kept))
        .orElse(false);
  }

  /** What the store holds; empty if it does not answer. */
  Optional<ResponseStore.Usage> usage() throws InterruptedException {
    return calls.run(Deadline.none(), store::usage);
  }

  @Override
  public void close() {
    calls.close();
  }
}
