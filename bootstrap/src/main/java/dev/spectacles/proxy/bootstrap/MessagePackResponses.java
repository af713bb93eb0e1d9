package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.wire.StoredResponseCodec;
import dev.spectacles.proxy.application.port.out.StoredResponseForm;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import java.util.Optional;

/** Stored answers in MessagePack. Thread-safe. */
final class MessagePackResponses implements StoredResponseForm {
  @Override
  public byte[] encode(StoredResponse response) {
    return StoredResponseCodec.encode(response);
  }

  @Override
  public Optional<StoredResponse> decode(byte[] bytes) {
    return StoredResponseCodec.decode(bytes);
  }
}
