package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request target taken apart.
 *
 * @param version of the API; 6 where the path names none
 * @param path without root and version, starting with a slash
 * @param query without question mark, empty for none
 */
record ApiPath(int version, String path, List<String> segments, String query) {
  private static final Pattern VERSION = Pattern.compile("/v(\\d{1,3})(/.*|$)");
  private static final int UNVERSIONED = 6;

  /** Empty if the target is not under the root. */
  static Optional<ApiPath> parse(String target, String root) {
    var question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    var query = question < 0 ? "" : target.substring(question + 1);
    var under = path.startsWith(root) && path.startsWith("/", root.length());
    if (!under) {
      return Optional.empty();
    }
    var rest = path.substring(root.length());
    var versioned = VERSION.matcher(rest);
    if (versioned.matches()) {
      var version = Integer.parseInt(versioned.group(1));
      return Optional.of(of(version, versioned.group(2), query));
    }
    return Optional.of(of(UNVERSIONED, rest, query));
  }

  private static ApiPath of(int version, String path, String query) {
    return new ApiPath(version, path, RoutePattern.segmentsOf(path), query);
  }

  /** Versions 3 to 5 are gone, those above 10 do not exist yet. */
  boolean knownVersion() {
    return version >= 6 && version <= 10;
  }

  /** Without root and version. */
  String target() {
    return query.isEmpty() ? path : path + '?' + query;
  }

  String segment(int index) {
    return index < segments.size() ? segments.get(index) : "";
  }

  /** Callbacks and follow-ups of interactions, which the global limit leaves out. */
  boolean interaction() {
    return switch (segment(0)) {
      case "interactions" -> segment(3).equals("callback");
      case "webhooks" -> InteractionToken.is(segment(2));
      default -> false;
    };
  }

  /** Routes that name their own credential or need none. */
  boolean open() {
    return switch (segment(0)) {
      case "interactions", "oauth2", "invites" -> true;
      case "webhooks" -> segments.size() > 2;
      case "gateway" -> segments.size() == 1;
      default -> false;
    };
  }
}
