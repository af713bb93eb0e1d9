package dev.spectacles.proxy.simulator.server;

import java.util.Locale;
import java.util.Map;

/**
 * A request as read from a connection.
 *
 * @param headers by lower-case name; repeated ones are joined by commas
 * @param receivedMicros when the head had been read
 */
record WireRequest(
    String method,
    String target,
    Map<String, String> headers,
    byte[] body,
    boolean http10,
    long receivedMicros) {

  boolean keepAlive() {
    var connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return http10 ? connection.contains("keep-alive") : !connection.contains("close");
  }
}
