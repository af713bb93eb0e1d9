package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers travel between caller and Discord: all but those that belong to one connection or
 * to the proxy. Source: RFC 9110, section 7.6.1.
 *
 * <p>{@code java.net.http} would send several of them verbatim, {@code Transfer-Encoding} included,
 * which lets a caller smuggle a second request.
 */
final class PassedHeaders {
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /**
   * What the HTTP client decides. {@code accept-encoding} is one of them as bodies are passed on as
   * they come, and it decompresses nothing.
   */
  private static final Set<String> OF_THE_CLIENT =
      Set.of("accept-encoding", "content-length", "expect", "host");

  private PassedHeaders() {}

  /** Those of a request that Discord gets. */
  static Headers outgoing(Headers headers) {
    Set<String> nominated = nominated(headers);
    return headers.without(
        name ->
            isOfOneConnection(name, nominated)
                || OF_THE_CLIENT.contains(name)
                || name.startsWith("x-spectacles-"));
  }

  /** Those of an answer that the caller gets. */
  static Headers incoming(HttpHeaders answer, int bodySize) {
    var fields = new ArrayList<Header>();
    answer
        .map()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> fields.add(new Header(name.toLowerCase(Locale.ROOT), value))));
    Set<String> nominated = nominated(new Headers(fields));
    String length = Integer.toString(bodySize);
    fields.removeIf(
        field ->
            isOfOneConnection(field.name(), nominated)
                || (field.name().equals("content-length") && !field.value().equals(length)));
    return new Headers(fields);
  }

  private static boolean isOfOneConnection(String name, Set<String> nominated) {
    return OF_ONE_CONNECTION.contains(name)
        || name.startsWith("proxy-")
        || nominated.contains(name);
  }

  /** Names that a {@code Connection} header declares to be about this connection only. */
  private static Set<String> nominated(Headers headers) {
    var names = new HashSet<String>();
    for (Header field : headers.fields()) {
      if (field.name().equals("connection")) {
        for (String name : field.value().split(",", -1)) {
          names.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }
}
