package dev.spectacles.proxy.adapter.local;

import java.time.Instant;
import java.util.Optional;

/** Request or event in a queue of this process. Thread-safe. */
final class LocalMessage {
  private static final long OVERHEAD = 64;

  private final String id;
  private final String name;
  private final byte[] payload;
  private final Optional<Instant> expiry;
  private final long publishedAt;
  private final LocalCaller caller = new LocalCaller();
  private volatile boolean redelivered;
  private volatile boolean sent;

  /**
   * Message that nobody has taken yet.
   *
   * @param publishedAt by the monotonic clock
   */
  LocalMessage(String id, String name, byte[] payload, Optional<Instant> expiry, long publishedAt) {
    this.id = id;
    this.name = name;
    this.payload = payload;
    this.expiry = expiry;
    this.publishedAt = publishedAt;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  byte[] payload() {
    return payload;
  }

  long size() {
    return OVERHEAD + payload.length;
  }

  Optional<Instant> expiry() {
    return expiry;
  }

  long publishedAt() {
    return publishedAt;
  }

  LocalCaller caller() {
    return caller;
  }

  /** Whoever held it gave it back. */
  void givenBack() {
    redelivered = true;
  }

  boolean isRedelivered() {
    return redelivered;
  }

  void markSent() {
    sent = true;
  }

  boolean isSent() {
    return sent;
  }
}
