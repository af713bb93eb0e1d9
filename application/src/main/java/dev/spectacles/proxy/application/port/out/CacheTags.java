package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.Generation;
import java.util.Collection;
import java.util.List;

/**
 * Generations of the tags that stored answers bear, shared by all instances whose answers a write
 * through any of them makes invalid.
 *
 * <p>A tag that is forgotten, or was never known, has a new generation: that costs a stored answer,
 * but never brings an old one back, unless what keeps them goes back in time itself. Thread-safe.
 */
public interface CacheTags {
  /**
   * Generations of these tags, in their order. That one was bumped is known for half a minute at
   * least, unless the tag is forgotten.
   *
   * @throws StoreException if nobody can tell now
   */
  List<Generation> current(List<String> tags) throws InterruptedException;

  /**
   * Gives each of these tags a new generation; every later {@link #current}, by whichever instance,
   * sees it.
   *
   * @throws StoreException if that is not certain
   */
  void bump(Collection<String> tags) throws InterruptedException;

  /**
   * Key for hashing credentials, the same for all instances: the first one that was proposed.
   *
   * @param proposal 32 random bytes
   * @throws StoreException if nobody can tell now
   */
  byte[] secret(byte[] proposal) throws InterruptedException;
}
