package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
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
    private final CompletableFuture<Optional<Lookup>> found = new CompletableFuture<>();

    /** Whether whoever was to make it gave up, for a reason of its own; known once it is over. */
    private volatile boolean abandoned;
  }

  /** One that is made and the next one, each of which may wait and then be under way. */
  private static final int LONGEST = 4;

  private final Duration patience;
  private final Clock clock;
  private final Map<CacheKey, Shared> toBegin = new ConcurrentHashMap<>();
  private final Map<CacheKey, Shared> last = new ConcurrentHashMap<>();

  /**
   * Without any.
   *
   * @param patience how long a look-up may wait before it begins, and again how long it may take
   */
  SharedLookups(Duration patience, Clock clock) {
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * Makes it, or shares one that begins from now on; empty if that one found nothing, or not by the
   * deadline.
   */
  Optional<Lookup> share(CacheKey key, Deadline deadline, Call call) throws InterruptedException {
    while (true) {
      var own = new Shared();
      Shared other = toBegin.putIfAbsent(key, own);
      if (other == null) {
        return make(key, own, deadline, call);
      }
      Optional<Lookup> found = await(other, deadline);
      if (!other.abandoned || deadline.hasPassed(clock.nanoTime())) {
        return found;
      }
    }
  }

  private Optional<Lookup> make(CacheKey key, Shared own, Deadline deadline, Call call)
      throws InterruptedException {
    Optional<Lookup> found = Optional.empty();
    boolean abandoned = true;
    try {
      Shared before = last.put(key, own);
      if (before != null) {
        await(before, deadline);
      }
      toBegin.remove(key, own);
      found = call.make();
      abandoned = found.isEmpty() && deadline.hasPassed(clock.nanoTime());
      return found;
    } finally {
      toBegin.remove(key, own);
      last.remove(key, own);
      own.abandoned = abandoned;
      own.found.complete(found);
    }
  }

  private Optional<Lookup> await(Shared other, Deadline deadline) throws InterruptedException {
    Duration longest = patience.multipliedBy(LONGEST);
    Duration left = deadline.remaining(clock.nanoTime()).orElse(longest);
    try {
      return Patience.await(other.found, left.compareTo(longest) < 0 ? left : longest);
    } catch (TimeoutException e) {
      // Whoever waited for it goes on: with nothing found, or with a look-up beside it.
      LOG.debug("a look-up takes longer than it may");
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new AssertionError("nobody completes it so", e);
    }
  }
}
