package dev.spectacles.proxy.application.port.out;

/** Failure of a broker that its adapter could not mend by itself within its bounds. */
public final class BrokerException extends RuntimeException {
  /** Failure with the library's exception as its cause. */
  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Failure without a cause in a library. */
  public BrokerException(String message) {
    super(message);
  }
}
