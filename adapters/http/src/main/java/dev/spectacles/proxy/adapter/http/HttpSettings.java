package dev.spectacles.proxy.adapter.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How the front door serves.
 *
 * @param address where it listens; port 0 for any that is free
 * @param apiVersion of Discord's API that requests without a version ask for
 * @param secret that callers have to present
 * @param maxBodyBytes largest body that is taken
 * @param maxConnections that are open at a time
 */
public record HttpSettings(
    InetSocketAddress address,
    int apiVersion,
    Optional<String> secret,
    int maxBodyBytes,
    int maxConnections,
    Times times) {
  /**
   * Bounds of every wait for a caller.
   *
   * @param head for the head of a request, from its first byte
   * @param idle between two requests on a connection
   * @param body for a body to begin and for its last byte to come, beside what its size permits
   * @param room for room among what may be held
   * @param write for an answer to be taken, beside what its size permits
   * @param linger for a caller to read its answer before the end of its request
   */
  public record Times(
      Duration head, Duration idle, Duration body, Duration room, Duration write, Duration linger) {
    /** Those of a service. */
    public static final Times USUAL =
        new Times(
            Duration.ofSeconds(10),
            Duration.ofSeconds(75),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2));

    /** Least speed of a caller, in bytes per second. */
    private static final long SLOWEST = 16 * 1024;

    /** How long so many bytes may take. */
    static Duration forBytes(Duration base, long bytes) {
      return base.plusMillis(bytes * 1000 / SLOWEST);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "HttpSettings[" + address + "]";
  }
}
