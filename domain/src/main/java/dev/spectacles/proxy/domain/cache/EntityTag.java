package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Name of a version of an answer's body. Source: RFC 9110, section 8.8.3. */
record EntityTag(boolean weak, String opaque) {
  /** Not a quoted string: a backslash in it is only a backslash. */
  private static final Pattern FORM = Pattern.compile("(W/)?\"([!\\x23-\\x7e\\x80-\\xff]*)\"");

  /** The answer's own one, if it has a valid one. */
  static Optional<EntityTag> of(Headers answer) {
    return answer.first("etag").map(FORM::matcher).filter(Matcher::matches).map(EntityTag::of);
  }

  /** Those that a header of conditions names; what is none is passed over. */
  static List<EntityTag> listed(Headers request, String name) {
    var tags = new ArrayList<EntityTag>();
    for (Header field : request.fields()) {
      if (field.name().equals(name)) {
        FORM.matcher(field.value()).results().forEach(found -> tags.add(of(found)));
      }
    }
    return tags;
  }

  private static EntityTag of(MatchResult found) {
    return new EntityTag(found.group(1) != null, found.group(2));
  }

  /** Whether both name versions that serve the same purpose. */
  boolean weaklyEquals(EntityTag other) {
    return opaque.equals(other.opaque);
  }

  /** Whether both name the very same bytes. */
  boolean stronglyEquals(EntityTag other) {
    return !weak && !other.weak && weaklyEquals(other);
  }
}
