package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.JsonKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tag with gaps, as the tables of routes write it.
 *
 * <table>
 * <caption>Gaps and conditions</caption>
 * <tr><td>{@code {guild_id}}</td><td>parameter of the path</td></tr>
 * <tr><td>{@code {me}}</td><td>bot that asks; {@code ?} if its token does not tell</td></tr>
 * <tr><td>{@code {.guild_id}}</td><td>told by the answer; {@code ?} if it is not</td></tr>
 * <tr><td>{@code {!guild_id}}</td><td>told by the answer; without it no such tag</td></tr>
 * <tr><td>{@code a|b>tag}</td><td>only if the body has one of these keys</td></tr>
 * <tr><td>{@code .a>tag}</td><td>only if the answer has this key, or is not known</td></tr>
 * </table>
 */
record TagTemplate(Optional<Condition> condition, List<Part> parts) {
  /** What a tag depends on: keys of the request's body, or of the answer's. */
  record Condition(boolean ofAnswer, Set<String> keys) {}

  /** Piece of a tag. */
  sealed interface Part {
    /** The same in each. */
    record Text(String text) implements Part {}

    /** Parameter of the path. */
    record OfPath(String name) implements Part {}

    /** Id of the asking bot. */
    record OfCaller() implements Part {}

    /** Field of the answer. */
    record OfAnswer(String name, boolean optional) implements Part {}
  }

  private static final String UNKNOWN = "?";
  private static final int LARGEST_BODY = 64 * 1024;

  static TagTemplate parse(String text) {
    int arrow = text.indexOf('>');
    Optional<Condition> condition =
        arrow < 0
            ? Optional.empty()
            : Optional.of(
                new Condition(
                    text.charAt(0) == '.',
                    Set.of(text.substring(text.charAt(0) == '.' ? 1 : 0, arrow).split("\\|"))));
    var parts = new ArrayList<Part>();
    int at = arrow + 1;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      int end = open < 0 ? text.length() : open;
      if (end > at) {
        parts.add(new Part.Text(text.substring(at, end)));
      }
      if (open < 0) {
        break;
      }
      int close = text.indexOf('}', open);
      parts.add(gap(text.substring(open + 1, close)));
      at = close + 1;
    }
    return new TagTemplate(condition, List.copyOf(parts));
  }

  private static Part gap(String name) {
    return switch (name.charAt(0)) {
      case '.' -> new Part.OfAnswer(name.substring(1), false);
      case '!' -> new Part.OfAnswer(name.substring(1), true);
      default -> name.equals("me") ? new Part.OfCaller() : new Part.OfPath(name);
    };
  }

  /** Whether there can be none before the answer is there. */
  boolean needsAnswer() {
    return condition.filter(Condition::ofAnswer).isPresent()
        || parts.stream().anyMatch(Part.OfAnswer.class::isInstance);
  }

  /** Tag of this request; empty where the condition does not hold or a gap has to stay. */
  Optional<String> fill(
      Map<String, String> path, Optional<String> caller, ProxyRequest request, Told told) {
    if (condition.isPresent() && !holds(condition.get(), request.body(), told)) {
      return Optional.empty();
    }
    var tag = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String text) -> tag.append(text);
        case Part.OfPath(String name) -> tag.append(path.get(name));
        case Part.OfCaller() -> tag.append(caller.orElse(UNKNOWN));
        case Part.OfAnswer(String name, boolean optional) -> {
          Optional<String> id = told.id(name);
          if (id.isEmpty() && (optional || told.hasNo(name))) {
            return Optional.empty();
          }
          tag.append(id.orElse(UNKNOWN));
        }
      }
    }
    return Optional.of(tag.toString());
  }

  private static boolean holds(Condition condition, Body body, Told told) {
    if (condition.ofAnswer()) {
      return told.equals(Told.NOTHING) || condition.keys().stream().anyMatch(told::has);
    }
    if (body.isEmpty()) {
      return false;
    }
    String json = body.size() > LARGEST_BODY ? "" : body.utf8().stripLeading();
    // What cannot be read may hold any key.
    return !json.startsWith("{") || JsonKeys.containsAny(json, condition.keys());
  }
}
