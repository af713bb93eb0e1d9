package dev.spectacles.proxy.bootstrap;

/** A part of the service that could not be started or stopped; its name is in the message. */
public final class LifecycleException extends Exception {
  LifecycleException(String message, Throwable cause) {
    super(message, cause);
  }

  LifecycleException(String message) {
    super(message);
  }
}
