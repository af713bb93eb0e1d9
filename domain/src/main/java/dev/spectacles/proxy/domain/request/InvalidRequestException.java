package dev.spectacles.proxy.domain.request;

import static java.util.Objects.requireNonNull;

/** Refusal of a request that breaks a rule of the protocol; its message names the field. */
public final class InvalidRequestException extends Exception {
  private final ResponseStatus status;

  /** Refuses with one of the statuses 2 to 6 and a message that is safe to send to the caller. */
  public InvalidRequestException(ResponseStatus status, String message) {
    super(requireNonNull(message, "message"));
    this.status = requireNonNull(status, "status");
  }

  /** Refusal of a header whose value cannot be used; the value is shown, so it is no secret. */
  public static InvalidRequestException ofHeader(String name, String value, String expectation) {
    return new InvalidRequestException(
        ResponseStatus.INVALID_HEADERS,
        "headers: %s: %s (expected: %s)".formatted(name, Tokens.printable(value), expectation));
  }

  /** Status that the caller is answered with. */
  public ResponseStatus status() {
    return status;
  }

  /** Answer for the caller. */
  public ProxyResponse.Failure toResponse() {
    return new ProxyResponse.Failure(status, requireNonNull(getMessage()));
  }
}
