package dev.spectacles.proxy.application.port.out;

/** Refusal of a write by who does not lead any more. */
public final class StaleLeaderException extends RuntimeException {
  /** Refuses with a message for logs. */
  public StaleLeaderException(String message) {
    super(message);
  }
}
