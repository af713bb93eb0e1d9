package dev.spectacles.proxy.domain.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.ApiPath;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Segments of a path as Discord reads them: decoded, without a prefix such as {@code /api/v10}. */
public final class PathSegments {
  private static final Pattern VERSION = Pattern.compile("v\\d{1,3}");

  private PathSegments() {}

  /**
   * Segments of this path; at least one.
   *
   * <p>Workers sometimes send the prefix that the proxy adds; it is left out, as neither limits nor
   * what a write makes stale depend on it.
   */
  public static List<String> of(ApiPath path) {
    var plain = new ArrayList<String>();
    path.segments().forEach(segment -> plain.add(decoded(segment)));
    int start = 0;
    if (plain.size() > 1 && plain.getFirst().equals("api")) {
      start++;
    }
    if (plain.size() > start + 1 && VERSION.matcher(plain.get(start)).matches()) {
      start++;
    }
    return plain.subList(start, plain.size());
  }

  /** Whether the path names the version of the API that it is for, as {@code /v9/users/@me}. */
  public static boolean nameVersion(ApiPath path) {
    List<String> segments = path.segments();
    return segments.size() > 1 && VERSION.matcher(segments.getFirst()).matches();
  }

  private static String decoded(String segment) {
    return segment.indexOf('%') < 0
        ? segment
        : URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
  }
}
