package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Cache-Control, in order. Source: RFC 9111, section 5.2.
 *
 * <p>What cannot be read counts as what permits least; of two values of a directive, the first one
 * counts (section 4.2.1).
 */
record Directives(List<Directive> all) {
  /**
   * @param name in lower case
   * @param argument without quotes; the empty text for one that cannot be read
   */
  record Directive(String name, Optional<String> argument) {}

  Directives {
    all = List.copyOf(all);
  }

  static Directives of(Headers headers) {
    var all = new ArrayList<Directive>();
    for (String member : FieldLists.members(headers, "cache-control")) {
      all.add(directive(member));
    }
    return new Directives(all);
  }

  private static Directive directive(String member) {
    int equals = member.indexOf('=');
    if (equals < 0) {
      return new Directive(member.toLowerCase(Locale.ROOT), Optional.empty());
    }
    String name = member.substring(0, equals);
    // White space is permitted on neither side: what it makes of the directive is not readable.
    String argument = name.equals(name.strip()) ? argument(member.substring(equals + 1)) : "";
    return new Directive(name.strip().toLowerCase(Locale.ROOT), Optional.of(argument));
  }

  private static String argument(String text) {
    if (!text.startsWith("\"")) {
      return text.indexOf('"') >= 0 || !text.equals(text.strip()) ? "" : text;
    }
    return FieldLists.endOfQuoted(text, 0) == text.length() - 1 ? unquoted(text) : "";
  }

  private static String unquoted(String quoted) {
    var text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      text.append(c == '\\' ? quoted.charAt(++i) : c);
    }
    return text.toString();
  }

  /** Whether there is this directive, with an argument or without. */
  boolean has(String name) {
    return all.stream().anyMatch(directive -> directive.name().equals(name));
  }

  /** Whether there is this directive about the whole message, not about some fields of it. */
  boolean isUnqualified(String name) {
    return all.stream()
        .anyMatch(directive -> directive.name().equals(name) && fields(directive).isEmpty());
  }

  /** Names of the fields that this directive is about, in lower case. */
  Set<String> fields(String name) {
    var fields = new HashSet<String>();
    for (Directive directive : all) {
      if (directive.name().equals(name)) {
        fields.addAll(fields(directive));
      }
    }
    return fields;
  }

  private static List<String> fields(Directive directive) {
    return directive.argument().stream()
        .flatMap(argument -> FieldLists.split(argument).stream())
        .map(field -> field.toLowerCase(Locale.ROOT))
        .toList();
  }

  /**
   * Argument of this directive as a time.
   *
   * @param bare what it means without an argument
   * @param unreadable what it means with one that is no number
   */
  Optional<Duration> seconds(String name, Duration bare, Duration unreadable) {
    return all.stream()
        .filter(directive -> directive.name().equals(name))
        .findFirst()
        .map(
            directive ->
                directive
                    .argument()
                    .map(argument -> DeltaSeconds.parse(argument).orElse(unreadable))
                    .orElse(bare));
  }

  /** The same where an argument is required: without one that can be read, no time at all. */
  Optional<Duration> seconds(String name) {
    return seconds(name, Duration.ZERO, Duration.ZERO);
  }
}
