package dev.spectacles.proxy.adapter.wire;

/** Bytes that are no message of the protocol; its text never holds any of their content. */
public final class WireException extends Exception {
  WireException(String message) {
    super(message);
  }
}
