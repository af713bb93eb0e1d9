package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.StoredResponseDecoder;
import dev.spectacles.proxy.application.port.out.StoredResponseEncoder;
import dev.spectacles.proxy.domain.cache.StoredResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the answers themselves, and gives out their numbers as bytes; the same numbers for all
 * instances, as they may share a store.
 */
final class HeldForm implements StoredResponseEncoder, StoredResponseDecoder {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Map<Long, StoredResponse> HELD = new ConcurrentHashMap<>();

  @Override
  public byte[] encode(StoredResponse response) {
    long number = NUMBERS.incrementAndGet();
    HELD.put(number, response);
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  @Override
  public Optional<StoredResponse> decode(byte[] bytes) {
    return bytes.length == Long.BYTES
        ? Optional.ofNullable(HELD.get(ByteBuffer.wrap(bytes).getLong()))
        : Optional.empty();
  }
}
