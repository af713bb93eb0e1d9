package dev.spectacles.proxy.simulator.world;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Request about what bots say.
 *
 * @param parts of its path, decoded
 * @param millis when it came; since 1970
 */
record Asked(
    String method, List<String> parts, String query, byte[] body, String contentType, long millis) {

  static Asked of(String method, String target, byte[] body, String contentType, long millis) {
    int question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    var parts =
        Arrays.stream(path.substring(1).split("/"))
            .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    var query = question < 0 ? "" : target.substring(question + 1);
    return new Asked(method, parts, query, body, contentType, millis);
  }

  /** Method and path, with {@code #} for each id and {@code *} for each token and emoji. */
  String shape() {
    var shape = new StringBuilder(method).append(' ');
    for (int i = 0; i < parts.size(); i++) {
      var before = i == 0 ? "" : parts.get(i - 1);
      boolean token = i == 2 && List.of("webhooks", "interactions").contains(parts.getFirst());
      boolean isId = parts.get(i).matches("\\d{1,19}");
      boolean any = token || before.equals("reactions");
      shape.append('/').append(any ? "*" : isId ? "#" : parts.get(i));
    }
    return shape.toString();
  }

  String part(int index) {
    return parts.get(index);
  }

  long number(int index) {
    return Long.parseLong(parts.get(index));
  }

  /** Whether the query has this. */
  boolean says(String parameter) {
    return List.of(query.split("&")).contains(parameter);
  }

  /**
   * What its body says.
   *
   * @throws IllegalArgumentException if it is not what Discord expects
   */
  Form form() {
    return Form.of(body, contentType);
  }
}
