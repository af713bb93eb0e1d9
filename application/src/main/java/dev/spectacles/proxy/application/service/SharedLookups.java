package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Look-ups of the same answer, of which one is made at a time: who comes meanwhile shares the next.
 * Thread-safe.
 *
 * <p>A look-up is shared only by who came before it began: one that is under way may have seen what
 * was before a write that is over.
 */
final class SharedLookups {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLookups.class);

  /** Making of a look-up. */
  interface Call {
    Optional<Lookup> make() throws InterruptedException;
  }

  /** One that has not begun yet, or is made. */
  private static final class Shared {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<Lookup> found = Optional.empty();

    void await() throws InterruptedException {
      boolean ended = over.await(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        // Whoever waited for it goes on: with nothing found, or with a look-up beside it.
        LOG.debug("a look-up takes longer than {}", LONGEST);
      }
    }
  }

  /** Far beyond what a look-up and the one before it may take. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Map<CacheKey, Shared> toBegin = new ConcurrentHashMap<>();
  private final Map<CacheKey, Shared> last = new ConcurrentHashMap<>();

  /** Makes it, or shares one that begins from now on; empty if that one found nothing. */
  Optional<Lookup> share(CacheKey key, Call call) throws InterruptedException {
    var own = new Shared();
    Shared other = toBegin.putIfAbsent(key, own);
    if (other != null) {
      other.await();
      return other.found;
    }
    try {
      Shared before = last.put(key, own);
      if (before != null) {
        before.await();
      }
      toBegin.remove(key, own);
      own.found = call.make();
      return own.found;
    } finally {
      toBegin.remove(key, own);
      last.remove(key, own);
      own.over.countDown();
    }
  }
}
