package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which headers of a request an answer depends on. Source: RFC 9111, section 4.1. */
final class Vary {
  /**
   * Callers do not decide {@code accept-encoding}, it is never passed on; {@code authorization} is
   * the scope, part of the key.
   */
  private static final Set<String> SAME_FOR_ALL = Set.of("accept-encoding", "authorization");

  private static final Set<String> CASE_INSENSITIVE =
      Set.of("accept", "accept-charset", "accept-language");

  private Vary() {}

  /** Whether it depends on more than headers tell, so that it is never used again. */
  static boolean isUnpredictable(Headers answer) {
    return FieldLists.members(answer, "vary").contains("*");
  }

  /**
   * What the answer depends on of this request: a digest for each header that the request has, as
   * the value may be somebody's secret. Two requests that select the same answer have equal ones.
   */
  static List<Header> selecting(Headers answer, Headers request) {
    var names = new TreeSet<String>();
    for (String name : FieldLists.members(answer, "vary")) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    return names.stream()
        .filter(name -> request.contains(name) && !SAME_FOR_ALL.contains(name))
        .map(name -> new Header(name, Digest.of(normalised(request, name))))
        .toList();
  }

  private static String normalised(Headers request, String name) {
    String value = String.join(",", FieldLists.members(request, name));
    return CASE_INSENSITIVE.contains(name) ? value.toLowerCase(Locale.ROOT) : value;
  }
}
