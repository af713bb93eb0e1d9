package dev.spectacles.proxy.application.port.out;

/** Failure of a store, such as a lost connection; trying again later may help. */
public final class StoreException extends RuntimeException {
  /** Failure; a library's exception is no cause of it, as it may repeat what was stored. */
  public StoreException(String message) {
    super(message);
  }
}
