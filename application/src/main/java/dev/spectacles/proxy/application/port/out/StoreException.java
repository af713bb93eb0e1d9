package dev.spectacles.proxy.application.port.out;

/** Failure of a store, such as a lost connection; trying again later may help. */
public final class StoreException extends RuntimeException {
  /** Failure with the library's exception as its cause. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
