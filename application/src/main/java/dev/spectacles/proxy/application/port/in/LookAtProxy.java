package dev.spectacles.proxy.application.port.in;

/** What this instance does and how it is, for people to look at. Thread-safe. */
@FunctionalInterface
public interface LookAtProxy {
  /**
   * What is known now, or was half a second ago at most; waits a moment for the store of the rate
   * limits, and changes nothing.
   */
  Status look() throws InterruptedException;
}
