package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

/** Refusal of an event; its message names what is wrong and shows nothing of the payload. */
public final class InvalidEventException extends Exception {
  /** Refuses with a message that is safe to log. */
  public InvalidEventException(String message) {
    super(requireNonNull(message, "message"));
  }
}
