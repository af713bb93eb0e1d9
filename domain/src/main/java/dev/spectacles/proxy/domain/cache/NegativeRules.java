package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.JsonKeys;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.Snowflake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which answers that something is not there, or not for the caller, are kept.
 *
 * <p>They bear the tags of their path like any other answer, so that the same writes clear them: of
 * roles, permissions and members for a 403, of what is created for a 404. A 401 is never kept: the
 * limiter knows which tokens are refused.
 *
 * <p>Source: Discord docs, Opcodes and Status Codes, "JSON".
 *
 * @param events whether Discord's events tell what comes into being, so that a 404 may be kept for
 *     longer
 * @param forbidden whether a 403 is kept
 */
public record NegativeRules(boolean events, boolean forbidden) {
  /** How long a webhook that is gone is not asked again. */
  public static final Duration WEBHOOK_GONE = Duration.ofHours(1);

  private static final Duration FORBIDDEN = Duration.ofSeconds(30);
  private static final Set<String> FORBIDDEN_CODES = Set.of("50001", "50013");
  private static final String UNKNOWN_WEBHOOK = "10015";
  private static final int LARGEST_BODY = 16 * 1024;

  /** Without events: what may come into being any time is asked for again soon. */
  private static final Duration UNTOLD = Duration.ofSeconds(5);

  /** Not everybody may know yet what was created this short a time ago. */
  private static final Duration NEW = Duration.ofMinutes(1);

  /**
   * Message, role, user, emoji, sticker, scheduled event and sound: their ids are not used again,
   * so what was not there will not come.
   */
  private static final Set<String> FOR_GOOD =
      Set.of("10008", "10011", "10013", "10014", "10060", "10070", "10097");

  private static final Duration GOOD = Duration.ofMinutes(5);

  /** What may be there later under the same id, as a thread has that of its message. */
  private static final Map<String, Duration> FOR_NOW =
      Map.of(
          "10003", Duration.ofMinutes(5), // channel
          "10004", Duration.ofMinutes(1), // guild
          "10007", Duration.ofSeconds(10), // member
          "10026", Duration.ofSeconds(5), // ban
          "10065", Duration.ofSeconds(5), // voice state
          "10067", Duration.ofSeconds(5)); // stage instance

  /**
   * How long this answer to a GET is kept; empty if it is not.
   *
   * @param now wall-clock time
   */
  public Optional<Duration> lifetimeOf(ApiPath path, ProxyResponse.Http answer, Instant now) {
    return switch (answer.code()) {
      case 403 ->
          forbidden && FORBIDDEN_CODES.contains(errorOf(answer.body()))
              ? Optional.of(FORBIDDEN)
              : Optional.empty();
      case 404 -> isNew(path, now) ? Optional.empty() : notFound(errorOf(answer.body()));
      default -> Optional.empty();
    };
  }

  private Optional<Duration> notFound(String error) {
    if (FOR_GOOD.contains(error)) {
      return Optional.of(GOOD);
    }
    return Optional.ofNullable(FOR_NOW.get(error))
        .map(kept -> events || kept.compareTo(UNTOLD) < 0 ? kept : UNTOLD);
  }

  private static boolean isNew(ApiPath path, Instant now) {
    List<String> ids = PathSegments.of(path).stream().filter(Snowflake::is).toList();
    return !ids.isEmpty() && Snowflake.age(ids.getLast(), now).compareTo(NEW) < 0;
  }

  /**
   * Name of the webhook of which this answer, whatever the method, says that it is gone for good;
   * its token occurs as a hash. Never one of an interaction: its webhook is there only once the
   * interaction has been answered.
   */
  public static Optional<String> goneWebhook(Route route, ProxyResponse.Http answer) {
    return route.kind() == Route.Kind.WEBHOOK
            && answer.code() == 404
            && errorOf(answer.body()).equals(UNKNOWN_WEBHOOK)
        ? webhook(route)
        : Optional.empty();
  }

  /** Name of the webhook that a request goes to by its token; empty for an interaction. */
  public static Optional<String> webhook(Route route) {
    return route.kind() == Route.Kind.WEBHOOK
        ? Optional.of(route.major().value())
        : Optional.empty();
  }

  private static String errorOf(Body body) {
    return body.size() > LARGEST_BODY
        ? ""
        : JsonKeys.values(body.utf8(), Set.of("code")).getOrDefault("code", "");
  }
}
