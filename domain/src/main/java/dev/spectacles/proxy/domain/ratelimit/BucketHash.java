package dev.spectacles.proxy.domain.ratelimit;

import static java.util.Objects.requireNonNull;

/**
 * What Discord calls a limit in {@code X-RateLimit-Bucket}: opaque, the same for every resource.
 */
public record BucketHash(String value) {
  private static final int LONGEST = 128;

  public BucketHash {
    requireNonNull(value, "value");
    if (value.isEmpty() || value.length() > LONGEST) {
      throw new IllegalArgumentException(
          "bucket hash: %d characters (expected: 1 to %d)".formatted(value.length(), LONGEST));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
