package dev.spectacles.proxy.domain.request;

import java.util.Set;

/** HTTP method, as sent: case-sensitive. Source: RFC 9110, sections 9.1 and 9.2. */
public record HttpMethod(String name) {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");

  public HttpMethod {
    if (!Tokens.isToken(name)) {
      throw new IllegalArgumentException("method: not a token of RFC 9110");
    }
  }

  /** Method of this name; status 5 for what is no token, and for CONNECT, which has no path. */
  public static HttpMethod parse(String name) throws InvalidRequestException {
    if (!Tokens.isToken(name)) {
      throw new InvalidRequestException(
          ResponseStatus.INVALID_METHOD,
          "method: " + Tokens.printable(name) + " (expected: a token of RFC 9110, such as GET)");
    }
    if (name.equals("CONNECT")) {
      throw new InvalidRequestException(
          ResponseStatus.INVALID_METHOD, "method: CONNECT (expected: a method that takes a path)");
    }
    return new HttpMethod(name);
  }

  /** Whether sending it twice has the effect of sending it once. */
  public boolean isIdempotent() {
    return IDEMPOTENT.contains(name);
  }

  /** Whether this is the method of that name. */
  public boolean is(String other) {
    return name.equals(other);
  }

  @Override
  public String toString() {
    return name;
  }
}
