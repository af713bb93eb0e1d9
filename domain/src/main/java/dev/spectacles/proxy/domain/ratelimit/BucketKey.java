package dev.spectacles.proxy.domain.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;

/**
 * Names one bucket of a caller: what limits it and the top-level resource that is limited.
 *
 * @param name Discord's hash, or the route's key as long as no answer told the hash
 */
public record BucketKey(String name, MajorParameter major) {
  public BucketKey {
    requireNonNull(name, "name");
    requireNonNull(major, "major");
  }

  /** Bucket with a hash that Discord reported. */
  public static BucketKey of(BucketHash hash, MajorParameter major) {
    return new BucketKey(hash.value(), major);
  }

  /** Stands in for the bucket of a route whose hash is unknown. */
  public static BucketKey provisional(Route route) {
    return new BucketKey(route.key().value(), route.major());
  }

  @Override
  public String toString() {
    return major.equals(MajorParameter.NONE) ? name : name + ' ' + major;
  }
}
