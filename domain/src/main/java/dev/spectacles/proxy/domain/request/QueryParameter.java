package dev.spectacles.proxy.domain.request;

/** Name and value of a query parameter, neither of them percent-encoded. */
public record QueryParameter(String name, String value) {
  /** Never the value: it may be a credential. */
  @Override
  public String toString() {
    return name + "=***";
  }
}
