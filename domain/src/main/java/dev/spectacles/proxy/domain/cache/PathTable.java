package dev.spectacles.proxy.domain.cache;

import static java.util.stream.Collectors.groupingBy;

import dev.spectacles.proxy.domain.route.Snowflake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What belongs to a path, found segment by segment: a table of templates such as {@code
 * /guilds/{guild_id}}.
 *
 * <p>A literal segment is preferred to a parameter. A parameter is an id, hence digits, unless its
 * name is one of a code, name or token.
 */
public final class PathTable<T> {
  /**
   * Value and parameters of a path.
   *
   * @param parameters by name; ids without leading zeros, as Discord reads them as numbers
   */
  public record Found<T>(T value, Map<String, String> parameters) {}

  private record Entry<T>(List<String> segments, T value) {}

  private record Node<T>(
      Map<String, Node<T>> literals,
      Optional<String> parameter,
      Optional<Node<T>> behindParameter,
      Optional<T> value) {}

  private static final Set<String> TEXTS =
      Set.of("code", "emoji_name", "instance_id", "interaction_token", "webhook_token");

  private final Node<T> root;

  /** Table of these templates, each with its value. */
  public PathTable(Map<String, T> byTemplate) {
    root =
        node(
            byTemplate.entrySet().stream()
                .map(e -> new Entry<>(List.of(e.getKey().substring(1).split("/")), e.getValue()))
                .toList(),
            0);
  }

  private static <T> Node<T> node(List<Entry<T>> entries, int depth) {
    var literals = new HashMap<String, Node<T>>();
    Optional<String> parameter = Optional.empty();
    Optional<Node<T>> behindParameter = Optional.empty();
    var next =
        entries.stream()
            .filter(entry -> entry.segments().size() > depth)
            .collect(groupingBy(entry -> entry.segments().get(depth)));
    for (var group : next.entrySet()) {
      String segment = group.getKey();
      Node<T> node = node(group.getValue(), depth + 1);
      if (!segment.startsWith("{")) {
        literals.put(segment, node);
      } else if (parameter.isPresent()) {
        throw new IllegalArgumentException(
            "%s: beside {%s} (expected: one name for one place)"
                .formatted(segment, parameter.get()));
      } else {
        parameter = Optional.of(segment.substring(1, segment.length() - 1));
        behindParameter = Optional.of(node);
      }
    }
    Optional<T> value =
        entries.stream()
            .filter(entry -> entry.segments().size() == depth)
            .map(Entry::value)
            .findFirst();
    return new Node<>(Map.copyOf(literals), parameter, behindParameter, value);
  }

  /** What belongs to the path of these segments; empty if no template has its form. */
  public Optional<Found<T>> find(List<String> segments) {
    var parameters = new HashMap<String, String>();
    Node<T> node = root;
    for (String segment : segments) {
      Node<T> literal = node.literals().get(segment);
      if (literal != null) {
        node = literal;
        continue;
      }
      if (node.parameter().isEmpty()) {
        return Optional.empty();
      }
      String name = node.parameter().get();
      boolean text = TEXTS.contains(name);
      if (!text && !Snowflake.isDigits(segment)) {
        return Optional.empty();
      }
      parameters.put(name, text ? segment : withoutZeros(segment));
      node = node.behindParameter().orElseThrow();
    }
    return node.value().map(value -> new Found<>(value, parameters));
  }

  static String withoutZeros(String digits) {
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    return digits.substring(first);
  }
}
