package dev.spectacles.proxy.adapter.http;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;

/**
 * Answer that the proxy makes itself, in the form of Discord's own errors.
 *
 * @param name of the status that a caller over a broker would get, or of what is wrong with HTTP
 * @param message without anything secret
 * @param mayHelpAgain whether the caller should try again in a second
 */
record Refusal(int code, String name, String message, boolean mayHelpAgain) {
  /** One that will be the same the next time. */
  static Refusal of(int code, String name, String message) {
    return new Refusal(code, name, message, false);
  }

  /** One that says to come back. */
  static Refusal later(String message) {
    return new Refusal(503, "UNAVAILABLE", message, true);
  }

  Answer toAnswer() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("x-spectacles-source", "proxy");
    headers.put("x-spectacles-status", name);
    if (mayHelpAgain) {
      headers.put("retry-after", "1");
    }
    String reason = HttpResponseStatus.valueOf(code).reasonPhrase();
    String text = code + ": " + reason + " (" + message + ")";
    return new Answer(
        code,
        Headers.of(headers),
        Body.of("{\"message\":\"" + escaped(text) + "\",\"code\":0}"),
        false);
  }

  private static String escaped(String text) {
    var json = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else {
        json.append(c < ' ' ? '?' : c);
      }
    }
    return json.toString();
  }
}
