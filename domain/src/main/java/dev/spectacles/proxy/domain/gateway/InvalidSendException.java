package dev.spectacles.proxy.domain.gateway;

import static java.util.Objects.requireNonNull;

/** Refusal of a {@code SEND} event; its message names the field and shows nothing of the packet. */
public final class InvalidSendException extends Exception {
  /** Refuses with a message that is safe to log. */
  public InvalidSendException(String message) {
    super(requireNonNull(message, "message"));
  }
}
