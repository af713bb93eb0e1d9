package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import java.util.Optional;

/** Reads a stored answer. Thread-safe. */
@FunctionalInterface
public interface StoredResponseDecoder {
  /** The answer; empty for what cannot be read, such as what another version wrote. */
  Optional<StoredResponse> decode(byte[] bytes);
}
