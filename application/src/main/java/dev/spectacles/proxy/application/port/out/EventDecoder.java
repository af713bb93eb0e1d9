package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;

/** Reads what gateways publish, in whichever encoding. Thread-safe. */
@FunctionalInterface
public interface EventDecoder {
  /**
   * The event's {@code d}.
   *
   * @param payload not changed by anybody from now on
   * @throws InvalidEventException if it is none
   */
  JsonObject decode(byte[] payload) throws InvalidEventException;
}
