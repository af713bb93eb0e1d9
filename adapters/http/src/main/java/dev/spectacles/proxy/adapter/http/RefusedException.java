package dev.spectacles.proxy.adapter.http;

/** A request that is answered without having been read. */
final class RefusedException extends Exception {
  private final Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
