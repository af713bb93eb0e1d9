package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tags of other paths of the same origin that the answer to a write names; those with dot segments
 * are passed over. Source: RFC 9111, section 4.4.
 */
final class Located {
  private static final List<String> FIELDS = List.of("location", "content-location");

  /** Source: RFC 3986, appendix B. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?<scheme>[^:/?#]+):)?(?://(?<authority>[^/?#]*))?(?<path>[^?#]*)(?:[?#].*)?");

  private Located() {}

  static Set<String> tags(ProxyResponse.Http answer) {
    var tags = new LinkedHashSet<String>();
    for (String field : FIELDS) {
      answer
          .headers()
          .first(field)
          .flatMap(reference -> path(answer.url(), reference))
          .map(Tags::ofUri)
          .ifPresent(tags::add);
    }
    return tags;
  }

  private static Optional<ApiPath> path(String url, String reference) {
    Matcher base = REFERENCE.matcher(url);
    Matcher target = REFERENCE.matcher(reference);
    if (!base.matches() || !target.matches() || !isOfOneOrigin(base, target)) {
      return Optional.empty();
    }
    String path = target.group("path");
    String from = base.group("path");
    boolean absolute = target.group("authority") != null || path.startsWith("/");
    try {
      return Optional.of(
          ApiPath.parse(absolute ? path : from.substring(0, from.lastIndexOf('/') + 1) + path));
    } catch (InvalidRequestException e) {
      // Nothing is stored of what is no path of the API.
      return Optional.empty();
    }
  }

  /** Source: RFC 3986, section 5.2.2. */
  private static boolean isOfOneOrigin(Matcher base, Matcher target) {
    String scheme = target.group("scheme");
    String authority = target.group("authority");
    return authority == null
        ? scheme == null
        : authority.equalsIgnoreCase(base.group("authority"))
            && (scheme == null || scheme.equalsIgnoreCase(base.group("scheme")));
  }
}
