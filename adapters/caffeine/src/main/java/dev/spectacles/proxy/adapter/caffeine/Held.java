package dev.spectacles.proxy.adapter.caffeine;

import java.time.Duration;

/** Answer that is held; no record, as another one of the same content is another one. */
final class Held {
  /**
   * Key with its two texts, entry of the cache, its links in the orders of eviction and expiry, and
   * the account of its scope: about 450 bytes on a 64-bit JVM.
   */
  static final int OVERHEAD = 450;

  private final byte[] response;
  private final Duration kept;

  Held(byte[] response, Duration kept) {
    this.response = response;
    this.kept = kept;
  }

  byte[] response() {
    return response;
  }

  /** For how long. */
  Duration kept() {
    return kept;
  }

  /** Bytes that it takes, with what is around it. */
  int weight() {
    return response.length + OVERHEAD;
  }
}
