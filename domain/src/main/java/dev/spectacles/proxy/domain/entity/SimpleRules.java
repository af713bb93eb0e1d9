package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.guild;
import static dev.spectacles.proxy.domain.entity.Fields.id;
import static dev.spectacles.proxy.domain.entity.Fields.withGuild;

import java.util.List;

/**
 * Roles, scheduled events, and what no snapshot has: rules of auto moderation and integrations. All
 * of them come whole.
 */
final class SimpleRules {
  /** How many are interested, which changes without a word. */
  private static final List<String> COUNTED = List.of("user_count");

  private SimpleRules() {}

  static Effect roleTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    JsonObject role = Fields.object(event, event.data(), "role");
    long id = id(event, role, "id");
    return Touch.of(event, guild(event))
        .entity(EntityType.ROLE, id)
        .change(kept, view -> Lasting.put(view, EntityType.ROLE, id, role));
  }

  static Effect roleDeleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    long id = id(event, "role_id");
    return Touch.of(event, guild(event))
        .entity(EntityType.ROLE, id)
        .change(kept, view -> Lasting.delete(view, EntityType.ROLE, id, event));
  }

  static Effect scheduleTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    return told(event, EntityType.EVENT, uncounted(event.data()), kept);
  }

  /** A scheduled event as it is kept. */
  static JsonObject uncounted(JsonObject scheduled) {
    return scheduled.without(COUNTED);
  }

  /** Rule for what is told as a whole. */
  static Rule told(EntityType type) {
    return (event, kept) -> told(event, type, event.data(), kept);
  }

  /** Rule for what is told with the members that it has now, others staying as they were. */
  static Rule merged(EntityType type) {
    return (event, kept) -> {
      long id = id(event, "id");
      return Touch.of(event, guild(event))
          .entity(type, id)
          .change(
              kept,
              view ->
                  Lasting.put(
                      view,
                      type,
                      id,
                      view.get(type, id)
                          .map(older -> older.mergedWith(event.data()))
                          .orElse(event.data())));
    };
  }

  /** Rule for what is deleted. */
  static Rule deleted(EntityType type) {
    return (event, kept) -> {
      long id = id(event, "id");
      return Touch.of(event, guild(event))
          .entity(type, id)
          .change(kept, view -> Lasting.delete(view, type, id, event));
    };
  }

  private static Effect told(GatewayEvent event, EntityType type, JsonObject entity, Kept kept)
      throws InvalidEventException {
    long guild = guild(event);
    long id = id(event, "id");
    return Touch.of(event, guild)
        .entity(type, id)
        .change(kept, view -> Lasting.put(view, type, id, withGuild(entity, guild)));
  }
}
