package dev.spectacles.proxy.domain.text;

/** Text that is no duration; the message is what was expected, and where. */
public final class BadDurationException extends Exception {
  BadDurationException(String expectation) {
    super(expectation, null, false, false);
  }

  /** What was expected, and where. */
  public String expectation() {
    return String.valueOf(getMessage());
  }
}
