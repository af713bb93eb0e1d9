package dev.spectacles.proxy.adapter.amqp;

import java.io.IOException;

/** Exchange or queue that exists with other properties than the protocol prescribes. */
final class TopologyException extends IOException {
  TopologyException(String message, Throwable cause) {
    super(message, cause);
  }
}
