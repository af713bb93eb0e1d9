package dev.spectacles.proxy.bootstrap.config;

/** A value that is not what its key expects; the message is the expectation. */
final class BadValueException extends Exception {
  BadValueException(String expectation) {
    super(expectation, null, false, false);
  }

  String expectation() {
    return String.valueOf(getMessage());
  }
}
