package dev.spectacles.proxy.bootstrap;

/** Exit codes of the commands. */
final class ExitCodes {
  static final int OK = 0;

  /** The proxy itself failed. */
  static final int FAILURE = 1;

  /** Wrong usage or configuration. */
  static final int USAGE = 2;

  /** {@code call}: no answer came, or the broker could not be reached. */
  static final int NO_ANSWER = 3;

  /** {@code call}: an HTTP answer of 400 or above. */
  static final int HTTP_ERROR = 4;

  /** {@code call}: a proxy status of 1 to 8. */
  static final int PROXY_ERROR = 5;

  private ExitCodes() {}
}
