package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

/**
 * Where an answer lies.
 *
 * @param scope for whom: a keyed hash of the credentials, which does not tell them, or {@code anon}
 * @param hash of everything else that tells one answer from another
 */
public record CacheKey(String scope, String hash) {
  public CacheKey {
    requireNonNull(scope, "scope");
    requireNonNull(hash, "hash");
  }

  @Override
  public String toString() {
    return scope + ':' + hash;
  }
}
