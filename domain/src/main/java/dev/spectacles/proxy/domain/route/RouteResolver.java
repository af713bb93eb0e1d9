package dev.spectacles.proxy.domain.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the route of a request.
 *
 * <p>There is no table of routes: a route that Discord adds tomorrow works by the same rules.
 * Source: Discord docs, Rate Limits; the message age classes discord-api-docs #1092, #1295 and
 * #8330.
 */
public final class RouteResolver {
  private static final Set<String> TOP_LEVEL = Set.of("channels", "guilds", "webhooks");
  private static final Set<String> BEFORE_CODE = Set.of("invites", "templates", "vanity-url");

  /** Words of Discord, and the first one of what the proxy itself tells of its caches. */
  private static final Set<String> NAMES = Set.of("@me", "@original", "@cache");

  private static final Set<String> RENAMING = Set.of("name", "topic");
  private static final Pattern WORD = Pattern.compile("[a-z]+[0-9]?(?:[-_][a-z]+)*");
  private static final int LONGEST_WORD = 32;

  /** What {@code interaction:} looks like in Base64. */
  private static final String INTERACTION_PREFIX = "aW50ZXJhY3Rpb246";

  private static final int LARGEST_RENAME = 64 * 1024;

  // A second on either side of a class' border goes to the class in the middle: the message ages
  // on its way to Discord.
  private static final Duration NEW = Duration.ofSeconds(9);
  private static final Duration OLD = Duration.ofDays(14).plusSeconds(1);

  private RouteResolver() {}

  /**
   * Route of this request.
   *
   * @param now wall-clock time, for the age of the message that a request deletes
   */
  public static Route resolve(ProxyRequest request, Instant now) {
    List<String> segments = PathSegments.of(request.path());
    String top = segments.getFirst();
    if (top.equals("interactions")
        && segments.size() == 4
        && segments.get(3).equals("callback")
        && request.method().is("POST")) {
      return route(
          "POST /interactions/:id/:token/callback", MajorParameter.NONE, Kind.INTERACTION_CALLBACK);
    }

    var template = new StringBuilder();
    var major = MajorParameter.NONE;
    var kind = Kind.OTHER;
    int next = 1;
    template.append('/').append(word(top));
    if (TOP_LEVEL.contains(top) && segments.size() > 1 && Snowflake.isDigits(segments.get(1))) {
      template.append("/:id");
      major = new MajorParameter(top + '/' + segments.get(1));
      next = 2;
      if (top.equals("webhooks") && segments.size() > 2) {
        Optional<String> interaction = interactionId(segments.get(2));
        template.append("/:token");
        major =
            new MajorParameter(
                major.value() + '/' + interaction.orElseGet(() -> Digest.of(segments.get(2))));
        kind = interaction.isPresent() ? Kind.INTERACTION_WEBHOOK : Kind.WEBHOOK;
        next = 3;
      }
    }
    for (int i = next; i < segments.size(); i++) {
      String segment = segments.get(i);
      String before = segments.get(i - 1);
      if (before.equals("reactions")) {
        template.append("/:reaction");
        break;
      }
      template.append('/').append(BEFORE_CODE.contains(before) ? ":code" : word(segment));
    }
    return classify(
        request.method(), template.toString(), segments, request.body(), now, major, kind);
  }

  private static Route classify(
      HttpMethod method,
      String template,
      List<String> segments,
      Body body,
      Instant now,
      MajorParameter major,
      Kind kind) {
    String key = method.name() + ' ' + template;
    if (key.equals("DELETE /channels/:id/messages/:id")) {
      return route(key + ageClass(segments.getLast(), now), major, kind);
    }
    if (template.startsWith("/channels/:id/messages/:id/reactions")
        && (method.is("PUT") || method.is("DELETE"))) {
      return route("RX /channels/:id/messages/:id/reactions", major, kind);
    }
    if (key.equals("PATCH /channels/:id") && renames(body)) {
      return new Route(new RouteKey(key), major, block(key + "!nametopic", major), kind);
    }
    if (template.startsWith("/guilds/:id/emojis")) {
      return new Route(new RouteKey(key), major, block("/guilds/:id/emojis", major), kind);
    }
    return route(
        key, major, key.equals("POST /channels/:id/messages") ? Kind.CREATE_MESSAGE : kind);
  }

  private static Route route(String key, MajorParameter major, Kind kind) {
    return new Route(new RouteKey(key), major, block(key, major), kind);
  }

  private static BlockKey block(String key, MajorParameter major) {
    return new BlockKey(key + ' ' + major);
  }

  private static String word(String segment) {
    if (Snowflake.is(segment)) {
      return ":id";
    }
    if (Snowflake.isDigits(segment)) {
      return ":number";
    }
    if (NAMES.contains(segment)) {
      return segment;
    }
    boolean literal = segment.length() <= LONGEST_WORD && WORD.matcher(segment).matches();
    return literal ? segment : ":text";
  }

  private static String ageClass(String messageId, Instant now) {
    if (!Snowflake.is(messageId)) {
      return "!mid";
    }
    Duration age = Snowflake.age(messageId, now);
    if (age.compareTo(NEW) < 0) {
      return "!new";
    }
    return age.compareTo(OLD) > 0 ? "!old" : "!mid";
  }

  private static boolean renames(Body body) {
    return body.size() <= LARGEST_RENAME && JsonKeys.containsAny(body.utf8(), RENAMING);
  }

  private static Optional<String> interactionId(String token) {
    if (!token.startsWith(INTERACTION_PREFIX)) {
      return Optional.empty();
    }
    try {
      // Only the head: the rest of the token is no text, and the last group may be cut off.
      String head = token.substring(0, Math.min(token.length(), 64) / 4 * 4);
      String[] parts = new String(Base64.getDecoder().decode(head), UTF_8).split(":", 3);
      return parts.length > 1 && Snowflake.is(parts[1])
          ? Optional.of(parts[1])
          : Optional.of(Digest.of(token));
    } catch (IllegalArgumentException notBase64) {
      return Optional.of(Digest.of(token));
    }
  }
}
