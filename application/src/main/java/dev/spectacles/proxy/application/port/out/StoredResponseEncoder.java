package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.StoredResponse;

/** Turns a stored answer into bytes. Thread-safe. */
@FunctionalInterface
public interface StoredResponseEncoder {
  /** The answer as bytes, which {@link StoredResponseDecoder} reads. */
  byte[] encode(StoredResponse response);
}
