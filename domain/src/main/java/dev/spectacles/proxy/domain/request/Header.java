package dev.spectacles.proxy.domain.request;

/** Header field: lower-case name and value, both as RFC 9110 permits them. */
public record Header(String name, String value) {
  /** Never the value: it may be a credential. */
  @Override
  public String toString() {
    return name + ": ***";
  }
}
