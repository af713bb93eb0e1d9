package dev.spectacles.proxy.domain.request;

/** Answer to a request, as the caller gets it. */
public sealed interface ProxyResponse {
  /** Status on the wire. */
  ResponseStatus status();

  /**
   * HTTP response, Discord's or one in its form that the proxy made; status 0 whatever the code.
   *
   * @param url full, final URL of the request
   */
  record Http(int code, Headers headers, String url, Body body) implements ProxyResponse {
    @Override
    public ResponseStatus status() {
      return ResponseStatus.SUCCESS;
    }

    @Override
    public String toString() {
      return "Http[" + code + ", " + body + "]";
    }
  }

  /**
   * Failure of the proxy or of the way to Discord.
   *
   * @param message what was wrong with what, without credentials
   */
  record Failure(ResponseStatus status, String message) implements ProxyResponse {
    public Failure {
      if (status == ResponseStatus.SUCCESS) {
        throw new IllegalArgumentException("status: SUCCESS (expected: a failure)");
      }
    }
  }
}
