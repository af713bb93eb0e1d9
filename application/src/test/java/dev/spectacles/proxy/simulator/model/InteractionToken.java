package dev.spectacles.proxy.simulator.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Tokens of interactions: base64 of {@code interaction:<id>:<random>}. */
public final class InteractionToken {
  private static final String PREFIX = "aW50ZXJhY3Rpb246";

  private InteractionToken() {}

  /** Whether a path segment is such a token. */
  static boolean is(String segment) {
    return segment.startsWith(PREFIX);
  }

  /** A token for an interaction id. */
  public static String of(String id, String random) {
    var text = "interaction:" + id + ":" + random;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The interaction id in a token; empty if it is malformed. */
  static Optional<String> idIn(String token) {
    try {
      var standard = token.replace('-', '+').replace('_', '/');
      var parts =
          new String(Base64.getDecoder().decode(standard), StandardCharsets.UTF_8).split(":");
      return parts.length > 2 ? Optional.of(parts[1]) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
