package dev.spectacles.proxy.simulator.server;

import java.io.IOException;

/** Bytes on a connection that are not an HTTP/1.1 request. */
final class MalformedRequestException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedRequestException(String message) {
    super(message);
  }
}
