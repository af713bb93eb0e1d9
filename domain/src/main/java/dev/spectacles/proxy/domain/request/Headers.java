package dev.spectacles.proxy.domain.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Header fields in order, names in lower case; a name may occur more than once.
 *
 * <p>Source: RFC 9110, section 5.
 */
public record Headers(List<Header> fields) {
  private static final Headers EMPTY = new Headers(List.of());

  public Headers {
    fields = List.copyOf(fields);
  }

  /** No header at all. */
  public static Headers empty() {
    return EMPTY;
  }

  /** Headers of these names and values, unchecked: for what HTTP already accepted. */
  public static Headers of(Map<String, String> fields) {
    return new Headers(
        fields.entrySet().stream().map(e -> new Header(lower(e.getKey()), e.getValue())).toList());
  }

  /** Headers that a caller wants to send; status 6 for what RFC 9110 refuses. */
  public static Headers parse(Map<String, String> fields) throws InvalidRequestException {
    return parse(
        fields.entrySet().stream().map(e -> new Header(e.getKey(), e.getValue())).toList());
  }

  /** The same of fields that are not checked yet, and of which some may have the same name. */
  public static Headers parse(List<Header> fields) throws InvalidRequestException {
    var checked = new ArrayList<Header>(fields.size());
    for (Header field : fields) {
      String name = field.name();
      if (!Tokens.isToken(name)) {
        throw new InvalidRequestException(
            ResponseStatus.INVALID_HEADERS,
            "headers: name " + Tokens.printable(name) + " (expected: a token of RFC 9110)");
      }
      if (!isValue(field.value())) {
        throw new InvalidRequestException(
            ResponseStatus.INVALID_HEADERS,
            "headers: value of "
                + Tokens.printable(name)
                + " (expected: printable ASCII, without CR, LF or other control characters)");
      }
      checked.add(new Header(lower(name), field.value().strip()));
    }
    return new Headers(checked);
  }

  /** First value of this header; the name in lower case. */
  public Optional<String> first(String name) {
    for (Header field : fields) {
      if (field.name().equals(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** Whether there is such a header; the name in lower case. */
  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /** The same without the headers whose name is refused. */
  public Headers without(Predicate<String> refused) {
    return new Headers(fields.stream().filter(field -> !refused.test(field.name())).toList());
  }

  /** The same with one more at the end. */
  public Headers with(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Header(lower(name), value));
    return new Headers(more);
  }

  /**
   * One value per name, repeated ones joined with {@code ", "}, in the order of first occurrence.
   */
  public Map<String, String> joined() {
    var map = new LinkedHashMap<String, String>();
    fields.forEach(field -> map.merge(field.name(), field.value(), (a, b) -> a + ", " + b));
    return map;
  }

  private static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      // Obsolete text (0x80 and above) is permitted by the RFC, but java.net.http would send '?'.
      if ((c < ' ' && c != '\t') || c > '~') {
        return false;
      }
    }
    return true;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
