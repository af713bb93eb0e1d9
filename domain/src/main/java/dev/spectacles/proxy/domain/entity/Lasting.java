package dev.spectacles.proxy.domain.entity;

import java.util.function.UnaryOperator;

/** Entities whose ids are never used again: what was deleted stays so. */
final class Lasting {
  private static final long BURIED_MILLIS = 15 * 60 * 1000L;

  private Lasting() {}

  /** Keeps one unless it was deleted. */
  static void put(GuildView view, EntityType type, long id, JsonObject entity) {
    if (!view.isBuried(type, id)) {
      view.put(type, id, entity);
    }
  }

  /** Changes one if it is there. */
  static void change(GuildView view, EntityType type, long id, UnaryOperator<JsonObject> change) {
    view.get(type, id).ifPresent(entity -> view.put(type, id, change.apply(entity)));
  }

  /** Deletes one for good. */
  static void delete(GuildView view, EntityType type, long id, GatewayEvent event) {
    view.remove(type, id);
    bury(view, type, id, event);
  }

  static void bury(GuildView view, EntityType type, long id, GatewayEvent event) {
    view.bury(type, id, event.millis() + BURIED_MILLIS);
  }
}
