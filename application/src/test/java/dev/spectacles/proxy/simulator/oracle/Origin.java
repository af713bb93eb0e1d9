package dev.spectacles.proxy.simulator.oracle;

/**
 * Who sent a request, as far as it shows.
 *
 * @param tokenId hash of the Authorization header, empty without one
 * @param instance header {@code x-sim-instance}, or else the product {@code instance/…} in the
 *     User-Agent; empty without either
 * @param clientSequence header {@code x-sim-seq}, -1 without one
 * @param nonce header {@code x-sim-nonce} or the JSON body's nonce, empty without one
 */
public record Origin(
    String sourceIp, String tokenId, String instance, long clientSequence, String nonce) {

  /** Whether an Authorization header was present. */
  public boolean authorized() {
    return !tokenId.isEmpty();
  }
}
