package dev.spectacles.proxy.domain.request;

import java.util.Optional;

/**
 * Outcome of a request, and the only place that knows its code on the wire.
 *
 * <p>Source: Spectacles proxy, "Response Status".
 */
public enum ResponseStatus {
  /** Discord answered, whatever its HTTP status. */
  SUCCESS(0),
  /** The proxy failed in a way that none of the others names. */
  UNKNOWN_ERROR(1),
  /** The request could not be read. */
  INVALID_REQUEST_FORMAT(2),
  /** The path is no path below Discord's API root. */
  INVALID_PATH(3),
  /** The query is no flat map of scalars. */
  INVALID_QUERY(4),
  /** The method is no token of RFC 9110. */
  INVALID_METHOD(5),
  /** A header name or value is not permitted by RFC 9110. */
  INVALID_HEADERS(6),
  /** Discord could not be reached, or the outcome of the request is unknown. */
  REQUEST_FAILURE(7),
  /** The deadline passed before Discord answered. */
  REQUEST_TIMEOUT(8);

  private final int code;

  ResponseStatus(int code) {
    this.code = code;
  }

  /** Number of this status on the wire, 0 to 8. */
  public int code() {
    return code;
  }

  /** Status with this number on the wire, if there is one. */
  public static Optional<ResponseStatus> ofCode(int code) {
    return code >= 0 && code < values().length ? Optional.of(values()[code]) : Optional.empty();
  }
}
