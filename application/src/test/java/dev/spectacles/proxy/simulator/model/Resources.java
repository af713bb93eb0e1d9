package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Knows what does not exist and what is forbidden. */
final class Resources {
  private final ModelClock clock;
  private final long interactionLifetimeMillis;
  private final Set<RoutePattern> forbidden = new HashSet<>();
  private final Set<RoutePattern> removed = new HashSet<>();
  private final Set<String> deletedWebhooks = new HashSet<>();

  /** Discord's JSON error of something that does not exist. */
  record Missing(int code, String message) {}

  Resources(ModelClock clock, long interactionLifetimeMillis) {
    this.clock = clock;
    this.interactionLifetimeMillis = interactionLifetimeMillis;
  }

  void forbid(RoutePattern route, boolean on) {
    put(forbidden, route, on);
  }

  void remove(RoutePattern route, boolean on) {
    put(removed, route, on);
  }

  void deleteWebhook(String id) {
    deletedWebhooks.add(id);
  }

  boolean forbidden(String method, ApiPath path) {
    return anyMatches(forbidden, method, path);
  }

  Optional<Missing> missing(String method, ApiPath path, long nowMicros) {
    if (path.segment(0).equals("webhooks") && deletedWebhooks.contains(path.segment(1))) {
      return Optional.of(new Missing(10015, "Unknown Webhook"));
    }
    if (expiredInteraction(path, nowMicros)) {
      return Optional.of(
          path.segment(0).equals("webhooks")
              ? new Missing(10015, "Unknown Webhook")
              : new Missing(10062, "Unknown interaction"));
    }
    if (anyMatches(removed, method, path)) {
      var message = path.segments().contains("messages");
      return Optional.of(
          message ? new Missing(10008, "Unknown Message") : new Missing(0, "404: Not Found"));
    }
    return Optional.empty();
  }

  private boolean expiredInteraction(ApiPath path, long nowMicros) {
    if (!path.interaction()) {
      return false;
    }
    var id =
        path.segment(0).equals("webhooks")
            ? InteractionToken.idIn(path.segment(2))
            : Optional.of(path.segment(1));
    var made = id.map(Snowflake::epochMillis).orElse(OptionalLong.empty());
    return made.isPresent()
        && clock.trueEpochMillis(nowMicros) - made.getAsLong() > interactionLifetimeMillis;
  }

  private static void put(Set<RoutePattern> set, RoutePattern route, boolean on) {
    if (on) {
      set.add(route);
    } else {
      set.remove(route);
    }
  }

  private static boolean anyMatches(Set<RoutePattern> set, String method, ApiPath path) {
    return set.stream().anyMatch(pattern -> pattern.matches(method, path.segments()));
  }
}
