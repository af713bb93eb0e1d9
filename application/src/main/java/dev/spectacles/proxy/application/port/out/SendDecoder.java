package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.gateway.GatewaySend;
import dev.spectacles.proxy.domain.gateway.InvalidSendException;

/** Reader of what workers publish as {@code SEND}, whatever its encoding. Thread-safe. */
@FunctionalInterface
public interface SendDecoder {
  /** What was published; refused if it breaks a rule of the protocol. */
  GatewaySend decode(byte[] payload) throws InvalidSendException;
}
