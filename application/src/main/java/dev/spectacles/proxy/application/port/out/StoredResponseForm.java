package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import java.util.Optional;

/** Form of stored answers as bytes. Thread-safe. */
public interface StoredResponseForm {
  /** The answer as bytes. */
  byte[] encode(StoredResponse response);

  /** The answer; empty for what cannot be read, such as what another version wrote. */
  Optional<StoredResponse> decode(byte[] bytes);
}
