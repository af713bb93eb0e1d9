package dev.spectacles.proxy.simulator.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method and a path template such as {@code POST /channels/{channel_id}/messages}.
 *
 * <p>The method may be {@code *}; a last segment {@code **} matches any rest, also none.
 */
public record RoutePattern(String method, List<String> segments) {
  private static final String REST = "**";

  public RoutePattern {
    segments = List.copyOf(segments);
  }

  public static RoutePattern parse(String text) {
    var parts = text.strip().split("\\s+");
    if (parts.length != 2 || !parts[1].startsWith("/")) {
      throw new IllegalArgumentException(
          "route: %s (expected: such as GET /users/{user_id})".formatted(text));
    }
    return new RoutePattern(parts[0], segmentsOf(parts[1]));
  }

  /** The parts of a path between its slashes. */
  public static List<String> segmentsOf(String path) {
    var segments = new ArrayList<String>();
    for (var segment : path.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /** The values of the template's parameters, or empty if the request is for another route. */
  public Optional<Map<String, String>> match(String requestMethod, List<String> path) {
    if (!method.equals("*") && !method.equals(requestMethod)) {
      return Optional.empty();
    }
    var open = !segments.isEmpty() && segments.getLast().equals(REST);
    var fixed = open ? segments.size() - 1 : segments.size();
    if (path.size() < fixed || (!open && path.size() > fixed)) {
      return Optional.empty();
    }
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < fixed; i++) {
      var segment = segments.get(i);
      if (segment.startsWith("{") && segment.endsWith("}")) {
        values.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  public boolean matches(String requestMethod, List<String> path) {
    return match(requestMethod, path).isPresent();
  }

  public String toText() {
    return method + " /" + String.join("/", segments);
  }

  @Override
  public String toString() {
    return toText();
  }
}
